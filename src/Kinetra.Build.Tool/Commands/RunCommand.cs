using System.CommandLine;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Live;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra run</c>: <c>dotnet build</c> with the run on the screen.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> step = new("--step") { Description = "The step whose output is shown. Default: one that determines the end of the run.", HelpName = "STEP" };
        Option<bool> json = new("--json") { Description = "Print the state of the run at its end; what the build prints goes to stderr." };
        Command command = new("run", "Run dotnet build with the rest of the command line, and show the run while it goes on. The exit code is that of dotnet build.") { step, json };

        // Everything else belongs to dotnet build.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed => new BuildRun([.. parsed.UnmatchedTokens], parsed.GetValue(step), parsed.GetValue(json)).Run());
        return command;
    }
}
