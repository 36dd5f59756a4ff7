using System.CommandLine;
using System.Text.Json.Nodes;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra completion</c>: the script that lets a shell complete the tool's commands, options, runs and steps.</summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        Option<bool> json = CommonOptions.Json();
        Command command = new("completion", "Print the script that lets a shell complete this tool's command lines.") { shell, json };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            string script = CompletionScripts.Of(name);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["shell"] = name, ["script"] = script });
            }
            else
            {
                Console.Out.Write(script);
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
