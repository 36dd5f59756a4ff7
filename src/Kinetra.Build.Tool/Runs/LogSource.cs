using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Runs;

/// <summary>A log that may still grow.</summary>
/// <param name="File">The file, which an attempt that goes on makes with its first byte; null for an attempt that has ended and printed nothing.</param>
/// <param name="Step">The step whose output it is; null for the run log.</param>
/// <param name="Attempt">The attempt; null for the run log.</param>
/// <param name="HasEnded">Whether nothing will be added any more.</param>
internal sealed record LogSource(FilePath? File, string? Step, int? Attempt, Func<bool> HasEnded)
{
    /// <summary>The file if it is there: something was printed.</summary>
    public FilePath? Printed => File is { } file && System.IO.File.Exists(file.Full) ? file : null;

    /// <summary>Waits until the file is there, or it is certain that it will not be.</summary>
    /// <param name="cancellation">Ends it.</param>
    public void WaitForOutput(CancellationToken cancellation)
    {
        while (Printed is null && !HasEnded())
        {
            if (cancellation.WaitHandle.WaitOne(LogPrinter.PauseBetweenLooks))
            {
                throw new OperationCanceledException(cancellation);
            }
        }
    }

    /// <summary>The log of a run.</summary>
    public static LogSource OfRun(RunArchive archive, ArchivedRun run) => new(
        System.IO.File.Exists(run.LogFile.Full) ? run.LogFile : throw Gone($"The log of run {run.Id}, {run.LogFile}, is not there. It may have been removed."),
        null,
        null,
        () => archive.Find(run.Id) is not { IsAlive: true });

    /// <summary>The output of an attempt of a step.</summary>
    /// <param name="archive">The runs.</param>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="attempt">The attempt, from 1; null for the last.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.OutputGone"/> or <see cref="DiagnosticCodes.WrongUsage"/>.</exception>
    public static LogSource OfStep(RunArchive archive, ArchivedRun run, StepRecord step, int? attempt)
    {
        int last = step.AttemptsBegun;
        if (last == 0)
        {
            throw Gone($"Step \"{step.Name}\" has no output: it is {StatusWord(step)}{(step.Reason is { } reason ? $" ({reason})" : "")}, and no attempt was made.");
        }

        if (attempt is { } wanted && (wanted < 1 || wanted > last))
        {
            throw new KinetraException(DiagnosticCodes.WrongUsage, $"Step \"{step.Name}\" has no attempt {wanted}: {(last == 1 ? "one was" : $"{last} were")} made.");
        }

        int number = attempt ?? last;
        FilePath? file = run.OutputOf(step, number);
        if (file is { } there && (System.IO.File.Exists(there.Full) || (run.IsAlive && !step.IsBuilt && step.Status == StepStatus.Running && number == last)))
        {
            return new LogSource(there, step.Name, number, () => HasAttemptEnded(archive, run, step, number));
        }

        // Of the last attempt it is recorded whether it has a log.
        return step.IsBuilt ? throw Gone($"Step \"{step.Name}\" builds projects: its output is in the log of the build.")
            : step.Duration is not null && step.LogFile is null && number == last ? new LogSource(null, step.Name, number, () => true)
            : throw Gone($"The output of step \"{step.Name}\", attempt {number}{(file is { } gone ? $", {gone}" : "")}, is not there. It has printed nothing, or the file was removed.");
    }

    private static bool HasAttemptEnded(RunArchive archive, ArchivedRun run, StepRecord step, int attempt) =>
        archive.Find(run.Id) is not { IsAlive: true } now
        || now.Steps.FirstOrDefault(other => other.Name == step.Name && other.Occurrence == step.Occurrence) is not { Status: StepStatus.Running } running
        || running.AttemptsBegun > attempt;

    private static string StatusWord(StepRecord step) => step.ResumedFrom is { } from && step.Status == StepStatus.Completed ? $"completed in run {from}" : step.Status.Word();

    private static KinetraException Gone(string message) => new(DiagnosticCodes.OutputGone, message);
}
