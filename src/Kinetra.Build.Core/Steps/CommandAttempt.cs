using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Steps;

/// <summary>An attempt that runs a program, its output going to the attempt's log file, if there is any.</summary>
/// <param name="Arguments">The program and its arguments.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
/// <param name="Environment">The environment for an attempt.</param>
/// <param name="Secrets">The values to be masked in its output.</param>
/// <param name="Limits">How long it may take.</param>
/// <param name="Line">Gets each line of output as it comes; null if nobody listens.</param>
/// <param name="Watchdog">Ends the program's tree if the build dies; null: nobody does.</param>
public sealed record CommandAttempt(
    IReadOnlyList<string> Arguments,
    FilePath WorkingDirectory,
    StepEnvironment Environment,
    IReadOnlyCollection<string> Secrets,
    ProcessLimits Limits,
    Action<string>? Line,
    Watchdog? Watchdog = null)
{
    /// <summary>The absolute path of the program, where it is known already; null: the first argument is looked up.</summary>
    public string? Program { get; init; }

    /// <summary>Makes the attempt.</summary>
    /// <param name="attempt">Which one.</param>
    /// <param name="time">The clock for the time-out.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.WorkingDirectoryMissing"/>, <see cref="DiagnosticCodes.CannotStart"/> or
    /// <see cref="DiagnosticCodes.StateUnwritable"/>.
    /// </exception>
    public AttemptResult Run(Attempt attempt, TimeProvider time)
    {
        if (!Directory.Exists(WorkingDirectory.Full))
        {
            throw new KinetraException(DiagnosticCodes.WorkingDirectoryMissing, $"The working directory {WorkingDirectory} does not exist. Create it in an earlier step, or correct WorkingDirectory.");
        }

        (IReadOnlyDictionary<string, string> variables, string mark) = Environment.ForAttempt(attempt.Number);
        try
        {
            using AttemptLog log = new(attempt.Log.Full);
            StepOutput? output = null;
            OutputReader reader = new(WorkingDirectory, time, text => output!.Mask(text), attempt.Progress);
            output = Line is null
                ? new StepOutput(log, Secrets, reader.Read, OutputReader.MayMatter)
                : new StepOutput(log, Secrets, Line + reader.Read);
            attempt.Begin(mark);
            ProcessResult result = new ProcessRunner(time, Watchdog).Run(new ProcessSpec(Arguments, WorkingDirectory.Full, variables, mark) { Program = Program }, output, Limits, attempt.Cancellation);
            return new AttemptResult(result.End, result.ExitCode, output.Tail, log.Exists ? attempt.Log.Display : null, result.OutputHeld) { Output = reader.Complete(output.MasksRefused), Cpu = result.Cpu, PeakMemory = result.PeakMemory };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The step's log {attempt.Log} cannot be written: {Errno.Describe(error)}. Check that the disk has room, or choose another directory with KinetraLogDirectory.", error);
        }
    }
}
