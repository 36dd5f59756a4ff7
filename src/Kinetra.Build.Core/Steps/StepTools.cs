using System.Text;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Steps;

/// <summary>Finds and asks the tools of a step, in the step's directory and environment.</summary>
/// <param name="workingDirectory">Absolute.</param>
/// <param name="environment">The step's environment.</param>
/// <param name="time">The clock for the time limit.</param>
public sealed class StepTools(string workingDirectory, IReadOnlyDictionary<string, string> environment, TimeProvider time) : ITools
{
    // A program that says its version and takes longer than this waits for something.
    private static readonly ProcessLimits Limits = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public string? Find(string program) => ProgramPath.Find(program, workingDirectory, environment);

    /// <inheritdoc/>
    public string? Ask(string commandLine)
    {
        using MemoryStream said = new();
        string id = Guid.NewGuid().ToString("N");
        Dictionary<string, string> variables = new(environment) { ["KINETRA_TOOL_ID"] = id };
        try
        {
            ProcessSpec spec = new(ProcessSpec.Shell(commandLine), workingDirectory, variables, "KINETRA_TOOL_ID=" + id);
            ProcessResult result = new ProcessRunner(time).Run(spec, new StepOutput(said, [], null), Limits, CancellationToken.None);
            return result is { End: ProcessEnd.Exited, ExitCode: 0 } ? Encoding.UTF8.GetString(said.GetBuffer(), 0, (int)said.Length) : null;
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CannotStart)
        {
            return null;
        }
    }
}
