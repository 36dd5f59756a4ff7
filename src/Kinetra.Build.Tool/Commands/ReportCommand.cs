using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra report</c>: where the HTML report of a run is.</summary>
internal static class ReportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> run = CommonOptions.Run();
        Option<bool> open = new("--open") { Description = "Open it in the browser too." };
        Command command = new("report", "Print the path of the HTML report of a run, and open it.") { run, open };
        RunOptions options = new(command);
        command.SetAction(parsed =>
        {
            RunArchive archive = options.Archive(parsed);
            ArchivedRun chosen = options.Run(parsed, archive, parsed.GetValue(run));
            string file = chosen.ReportFile.Full;
            if (!File.Exists(file))
            {
                throw new KinetraException(DiagnosticCodes.OutputGone, $"Run {chosen.Id} has left no report: {PathDisplay.Of(file)} is not there.{(chosen.IsAlive ? " It is written when the run ends." : "")}");
            }

            if (options.IsJson(parsed))
            {
                JsonOutput.Print(new JsonObject { ["workflow_id"] = chosen.Id, ["report_file"] = file });
            }
            else
            {
                Console.Out.WriteLine(PathDisplay.Of(file));
            }

            if (parsed.GetValue(open))
            {
                Open(file);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Open(string file)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(file) { UseShellExecute = true });
        }
        catch (Win32Exception error)
        {
            throw new KinetraException(DiagnosticCodes.OutputGone, $"No program opens {PathDisplay.Of(file)} here: {error.Message}. Open it yourself.", error);
        }
    }
}
