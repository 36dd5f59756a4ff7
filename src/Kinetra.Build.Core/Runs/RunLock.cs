using System.Diagnostics;
using System.Globalization;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Lets one run of a workflow in a state directory go at a time. The system frees the lock when its holder dies; the lock
/// file stays, says who holds it, and which run was the last.
/// </summary>
internal sealed class RunLock : IDisposable
{
    // A holder that has just come says who it is a moment later, and one that has just gone may still be read.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly FileLock? _lock;
    private RunHolder _holder;

    private RunLock(FileLock? held, RunHolder? last, string buildId, TimeProvider time)
    {
        (_lock, LastRunId, LastRunNumber) = (held, last?.RunId, last?.RunNumber ?? 0);
        _holder = new RunHolder(true, Environment.ProcessId, Environment.MachineName, time.GetUtcNow(), buildId, LastRunId, LastRunNumber);
    }

    /// <summary>Whether another node of the same build holds the lock, so that this run goes on beside that one's.</summary>
    public bool IsShared => _lock is null;

    /// <summary>The last run, as far as the lock file knows it; null if it does not.</summary>
    public string? LastRunId { get; }

    /// <summary>Its number among the workflow's runs; 0 if it is not known.</summary>
    public long LastRunNumber { get; }

    /// <summary>The lock file of a workflow.</summary>
    public static FilePath FileOf(FilePath directory, string workflow) => directory.Combine(WorkflowFileName.Of(workflow, ".lock"));

    /// <summary>The last run that the lock file of a workflow knows, without taking the lock; null if it knows none.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static string? LastRunIn(FilePath directory, string workflow)
    {
        FilePath file = FileOf(directory, workflow);
        try
        {
            return RunHolder.Parse(NativeFile.ReadAll(file.Full))?.RunId;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The lock file {file} cannot be read: {Errno.Describe(error)}.", error);
        }
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">The state directory; it exists.</param>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="buildId">A name of the build; empty for none. Nodes of one build do not keep each other out.</param>
    /// <param name="outerRunId">The run that this build is a step of; null if it is none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WorkflowBusy"/> or <see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static RunLock Acquire(FilePath directory, string workflow, string buildId, string? outerRunId, TimeProvider time)
    {
        FilePath file = FileOf(directory, workflow);
        try
        {
            long start = time.GetTimestamp();
            while (true)
            {
                if (FileLock.TryAcquire(file.Full) is { } held)
                {
                    return Taken(held, file, buildId, time);
                }

                RunHolder? holder = RunHolder.Parse(NativeFile.ReadAll(file.Full));
                if (buildId.Length > 0 && holder is { IsHeld: true } && holder.BuildId == buildId)
                {
                    return new RunLock(null, holder, buildId, time);
                }

                bool known = holder is { IsHeld: true } && (holder.Host != Environment.MachineName || IsAlive(holder.ProcessId));
                if (known || time.GetElapsedTime(start) > Patience)
                {
                    throw Busy(workflow, file, holder, outerRunId);
                }

                Thread.Sleep(Pause);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The lock file {file} cannot be used: {Errno.Describe(error)}. Check that {directory} is writable.", error);
        }
    }

    /// <summary>Says which run it is, now that there is one.</summary>
    /// <exception cref="IOException">The lock file cannot be written.</exception>
    public void Announce(string runId, long number)
    {
        _holder = _holder with { RunId = runId, RunNumber = number, IsAnnounced = true };
        Write();
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose()
    {
        try
        {
            _holder = _holder with { IsHeld = false };
            Write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // What the file says is for people; the lock itself is freed in any case.
        }
        finally
        {
            _lock?.Dispose();
        }
    }

    private static RunLock Taken(FileLock held, FilePath file, string buildId, TimeProvider time)
    {
        try
        {
            RunLock taken = new(held, RunHolder.Parse(NativeFile.ReadAll(file.Full)), buildId, time);
            taken.Write();
            return taken;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is such a process on this machine.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Write() => _lock?.Write(_holder.Format());

    private static KinetraException Busy(string workflow, FilePath file, RunHolder? holder, string? outerRunId)
    {
        string who = holder is { IsHeld: true }
            ? string.Create(CultureInfo.InvariantCulture, $"by process {holder.ProcessId} on {holder.Host}, since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC{(holder is { IsAnnounced: true, RunId: { } run } ? $" (run {run})" : "")}")
            : "by another process, which has not said who it is";
        if (holder is { IsHeld: true, IsAnnounced: true, RunId: { } own } && own == outerRunId)
        {
            return new KinetraException(DiagnosticCodes.WorkflowBusy, $"The workflow {workflow} is already being run by the very build that this one is a step of (run {own}). Nothing was done. The step builds the same project again: let it name what it is to run (beside a project, \"dotnet run script.cs\" runs the project; write \"dotnet run --file script.cs\").");
        }

        return new KinetraException(DiagnosticCodes.WorkflowBusy, $"The workflow {workflow} is already being run {who}. Nothing was done. Wait until it has ended, or stop it; two runs at the same time need a state directory each (KinetraStateDirectory). The lock, {file}, frees itself: never delete it.");
    }
}
