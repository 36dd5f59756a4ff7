using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Kinetra.Build.Core;
using Kinetra.Build.Tool.Commands;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.CommandLine;

/// <summary>The command line as a whole: all commands, and what becomes of errors.</summary>
internal static class KinetraCommand
{
    // "@file" is for dotnet build, which reads such files itself.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the tool.</summary>
    /// <param name="args">Its arguments.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        ParseResult parsed = Create().Parse(args.Length == 0 ? ["--help"] : args, Configuration);
        try
        {
            RefuseUnknownOptions(parsed, args);
            if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction && !IsSuggestion(args))
            {
                throw Wrong(parsed);
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (KinetraException error)
        {
            Messages.Error(error);
            return ExitCodes.Of(error.Code);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>The root of all commands.</summary>
    public static RootCommand Create()
    {
        RootCommand root = new("Looks at the runs of Kinetra.Build workflows. It reads what the SDK has written, and has no state of its own.");
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(WatchCommand.Create());
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(HistoryCommand.Create());
        root.Subcommands.Add(LogCommand.Create());
        root.Subcommands.Add(GraphCommand.Create());
        root.Subcommands.Add(ReportCommand.Create());
        root.Subcommands.Add(CompareCommand.Create());
        root.Subcommands.Add(BinlogCommand.Create());
        root.Subcommands.Add(BackupsCommand.Create());
        root.Subcommands.Add(EnvCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create());
        return root;
    }

    // An option that is not there would be taken for a run or a step.
    private static void RefuseUnknownOptions(ParseResult parsed, string[] args)
    {
        if (!parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors || args.Contains("--") || IsSuggestion(args))
        {
            return;
        }

        string? unknown = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(value => value.Length > 1 && value[0] == '-');
        if (unknown is not null)
        {
            throw NoSuch("option", unknown, parsed.CommandResult, OptionNames(parsed.CommandResult.Command));
        }
    }

    // What is to be completed is not yet right.
    private static bool IsSuggestion(string[] args) => args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

    // One line for all that is wrong, with the name that was most likely meant.
    private static KinetraException Wrong(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string how = $"See: kinetra {Path(parsed.CommandResult)}--help";
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return unknown.StartsWith('-')
                ? NoSuch("option", unknown, parsed.CommandResult, OptionNames(command))
                : NoSuch(command.Subcommands.Count > 0 ? "command" : "argument", unknown, parsed.CommandResult, command.Subcommands.Select(sub => sub.Name));
        }

        if (command.Subcommands.Count > 0)
        {
            return new KinetraException(DiagnosticCodes.WrongUsage, $"kinetra {Path(parsed.CommandResult)}needs a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}. {how}");
        }

        return new KinetraException(DiagnosticCodes.WrongUsage, $"{string.Join(' ', parsed.Errors.Select(error => OneLine(error.Message)).Distinct())} {how}");
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is var line && line.EndsWith('.') ? line : line + ".";

    private static KinetraException NoSuch(string what, string text, CommandResult of, IEnumerable<string> names) =>
        new(DiagnosticCodes.WrongUsage, $"There is no {what} \"{text}\"{(of.Command is RootCommand ? "" : $" of {of.Command.Name}")}.{NearestName.Hint(text, names)} See: kinetra {Path(of)}--help");

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.SelectMany(option => (IEnumerable<string>)[option.Name, .. option.Aliases]).Concat(["--help"]);

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)}{result.Command.Name} " : "";
}
