using System.ComponentModel;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Runs a program to its end: output taken as it comes, stdin at end of file, the whole tree ended on a time-out or a
/// cancellation. Returns though a process that the program left behind keeps the output open.
/// </summary>
public sealed class ProcessRunner
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly Watchdog? _watchdog;

    /// <summary>Creates a runner.</summary>
    /// <param name="time">The clock for time-outs.</param>
    /// <param name="watchdog">Ends the program's tree if this process dies; null: nobody does.</param>
    public ProcessRunner(TimeProvider time, Watchdog? watchdog = null) => (_time, _watchdog) = (time, watchdog);

    /// <summary>Runs a program.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="output">Takes what it writes.</param>
    /// <param name="limits">How long it may take.</param>
    /// <param name="cancellation">Ends the program's tree.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CannotStart"/>.</exception>
    /// <exception cref="IOException">The output's log could not be written.</exception>
    public ProcessResult Run(ProcessSpec spec, StepOutput output, ProcessLimits limits, CancellationToken cancellation)
    {
        using WatchedAttempt? watched = _watchdog?.Begin(spec.Mark);
        using IChild child = Start(spec);
        watched?.Started(child.Id);
        Thread[] readers = [.. child.Outputs.Select(stream => Read(stream, output.Open()))];
        Task<int> exit = Background(child.WaitForExit);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, output.Failed);
        ProcessEnd end = WaitForEnd(exit, limits.Timeout, stop.Token);
        if (end != ProcessEnd.Exited)
        {
            End(child, exit, limits.GracePeriod);
        }

        int exitCode = exit.GetAwaiter().GetResult();
        bool held = !Join(readers);

        // Before the child's process id is freed, so that nobody ends another process that has it by then.
        watched?.Dispose();
        output.Complete();
        return new ProcessResult(end, exitCode, held);
    }

    private static IChild Start(ProcessSpec spec)
    {
        string program = spec.Arguments[0];
        string path = ProgramPath.Find(program, spec.WorkingDirectory, spec.Environment)
            ?? throw new KinetraException(DiagnosticCodes.CannotStart, $"The program \"{program}\" was not found, neither as a path nor on PATH, or is not executable. Check its name, install it, or give its path.");
        try
        {
            return OperatingSystem.IsWindows() ? WindowsChild.Start(path, spec) : PosixChild.Start(path, spec);
        }
        catch (Win32Exception error)
        {
            throw new KinetraException(DiagnosticCodes.CannotStart, $"The program \"{program}\" could not be started: {error.Message}. Check that it is executable on this machine.", error);
        }
    }

    private ProcessEnd WaitForEnd(Task<int> exit, TimeSpan? timeout, CancellationToken cancellation)
    {
        try
        {
            exit.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, _time, cancellation).GetAwaiter().GetResult();
            return ProcessEnd.Exited;
        }
        catch (TimeoutException)
        {
            return ProcessEnd.TimedOut;
        }
        catch (OperationCanceledException)
        {
            return ProcessEnd.Cancelled;
        }
    }

    // The grace period is for the whole tree to finish its work: of a shell's line the shell itself dies at once.
    private void End(IChild child, Task<int> exit, TimeSpan gracePeriod)
    {
        child.Terminate();
        long start = _time.GetTimestamp();
        while ((!exit.IsCompleted || child.HasDescendants()) && _time.GetElapsedTime(start) < gracePeriod)
        {
            Thread.Sleep(PollInterval);
        }

        child.Kill();
    }

    private static Thread Read(Stream stream, StepOutput.Channel output)
    {
        Thread reader = new(() =>
        {
            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = TryRead(stream, buffer)) > 0;)
            {
                output.Write(buffer.AsSpan(0, count));
            }

            // Here and not by whoever waits: closing a pipe waits for a read that is under way, perhaps for ever.
            stream.Dispose();
        })
        { IsBackground = true, Name = "step output" };
        reader.Start();
        return reader;
    }

    private static int TryRead(Stream stream, byte[] buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The other end was closed in a hurry.
            return 0;
        }
    }

    private static Task<int> Background(Func<int> wait)
    {
        TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(wait());
            }
            catch (KinetraException error)
            {
                done.SetException(error);
            }
        })
        { IsBackground = true, Name = "step" }.Start();
        return done.Task;
    }

    private static bool Join(Thread[] readers)
    {
        long deadline = Environment.TickCount64 + (long)ProcessLimits.Drain.TotalMilliseconds;
        return readers.All(reader => reader.Join((int)Math.Max(0, deadline - Environment.TickCount64)));
    }
}
