using System.CommandLine;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Comparing;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra compare</c>: the difference between two runs, or binlogs.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> a = CommonOptions.Run("a"), b = CommonOptions.Run("b");
        a.Description = "The first run, or a binlog. Default: the one before the last.";
        b.Description = "The second run, or a binlog. Default: the last.";
        Command command = new("compare", "The difference between two runs or binlogs: status, time and attempts of each step.") { a, b };
        RunOptions options = new(command);
        command.SetAction(parsed =>
        {
            RunArchive? archive = null;
            ComparedRun Read(string text)
            {
                if (text.EndsWith(".binlog", StringComparison.OrdinalIgnoreCase) || File.Exists(text))
                {
                    BinlogRun last = BinlogRun.Read(text)[^1];
                    return new ComparedRun($"{Path.GetFileName(text)} ({last.Id})", last.Status, last.Duration, last.Steps);
                }

                archive ??= options.Archive(parsed);
                return ComparedRun.Of(options.Run(parsed, archive, text));
            }

            Comparison comparison = new(Read(parsed.GetValue(a) ?? "previous"), Read(parsed.GetValue(b) ?? "last"));
            if (options.IsJson(parsed))
            {
                JsonOutput.Print(comparison.ToJson());
            }
            else
            {
                comparison.Print();
            }

            return comparison.IsDifferent ? ExitCodes.Failed : ExitCodes.Fine;
        });
        return command;
    }
}
