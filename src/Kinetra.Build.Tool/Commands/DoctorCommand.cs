using System.CommandLine;
using System.Text.Json.Nodes;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Diagnosis;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra doctor</c>: whether everything is there that a workflow needs.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("doctor", "Check the SDK, the project, write access, locks, the clock, the disk and the recorded runs.") { project, properties, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Finding> findings = Doctor.Examine(parsed.GetValue(project), parsed.GetValue(properties) ?? []);
            bool isWell = findings.All(finding => finding.Kind != FindingKind.Error);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["ok"] = isWell, ["checks"] = Finding.ToJson(findings) });
            }
            else
            {
                Finding.Print(findings);
            }

            return isWell ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }
}
