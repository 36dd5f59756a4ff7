using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kinetra.Build.Core;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra plan</c>: what a run would do, in which order, and why.</summary>
internal static partial class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("plan", "Say what dotnet build with the rest of the command line would run, in which order, and why; nothing is run.") { json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            (int exitCode, string output, string errors) = DotNetCommand.Capture(
                Environment.CurrentDirectory,
                ["build", .. parsed.UnmatchedTokens, "-t:KinetraPlan", "-nologo", "-tl:off", "-v:m"]);
            string[] lines = [.. output.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => !End().IsMatch(line)).Select(Unindented)];
            lines = [.. lines.Where(line => line.Length > 0)];
            if (exitCode != 0)
            {
                Console.Error.Write(string.Concat(lines.Select(line => line + "\n")) + errors);
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Print(ToJson(lines));
            }
            else
            {
                Array.ForEach(lines, line => Screen.Line(line));
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    // The engine puts two blanks before messages, and nothing before warnings.
    private static string Unindented(string line) => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line;

    private static JsonObject ToJson(string[] lines)
    {
        string? workflow = lines.Select(line => Head().Match(line)).FirstOrDefault(match => match.Success)?.Groups["name"].Value;
        Match[] steps = [.. lines.Select(line => Step().Match(line)).Where(match => match.Success)];
        return new JsonObject
        {
            ["workflow_name"] = workflow,
            ["steps"] = JsonOutput.Array(steps.Select(step => new JsonObject
            {
                ["number"] = int.Parse(step.Groups["number"].Value, CultureInfo.InvariantCulture),
                ["name"] = step.Groups["name"].Value.TrimEnd(),
                ["action"] = step.Groups["action"].Value.Replace(' ', '_'),
                ["about"] = step.Groups["about"].Success ? step.Groups["about"].Value : null,
                ["reason"] = step.Groups["reason"].Value,
            })),
            ["text"] = JsonOutput.Array(lines.Select(line => (JsonNode)line)),
        };
    }

    // What dotnet build adds behind all messages.
    [GeneratedRegex(@"^Build (succeeded|FAILED)\.$")]
    private static partial Regex End();

    [GeneratedRegex("^Plan of (?<name>.*); nothing is run:$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^ +(?<number>\d+)  (?<name>.+?)  (?<action>perhaps runs|runs|does not run|fails|skipped|left out)(?: \(about (?<about>[^)]*)\))?: (?<reason>.*)$")]
    private static partial Regex Step();
}
