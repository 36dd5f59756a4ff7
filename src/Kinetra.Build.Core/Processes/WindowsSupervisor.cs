using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>Takes a program's output and waits for its end, its time-out or a cancellation. Pipes cannot be waited for there, so each has a thread.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsSupervisor
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the program has ended, or was ended, and its output has been taken.</summary>
    /// <param name="child">The program, which was just started.</param>
    /// <param name="output">Takes what it writes.</param>
    /// <param name="limits">How long it may take.</param>
    /// <param name="outputHeld">Whether a process that it left behind holds its output open.</param>
    /// <param name="time">The clock for the time-out and the grace period.</param>
    /// <param name="cancellation">Ends its tree.</param>
    /// <returns>How it ended.</returns>
    public static ProcessEnd Run(WindowsChild child, StepOutput output, ProcessLimits limits, out bool outputHeld, TimeProvider time, CancellationToken cancellation)
    {
        Thread[] readers = [.. child.Outputs.Select(stream => Read(stream, output.Open()))];
        Task exit = Background(child.WaitForExit);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, output.Failed);
        ProcessEnd end = WaitForEnd(exit, limits.Timeout, time, stop.Token);
        if (end != ProcessEnd.Exited)
        {
            End(child, exit, limits.GracePeriod, time);
        }

        exit.GetAwaiter().GetResult();
        outputHeld = !Join(readers);
        return end;
    }

    private static ProcessEnd WaitForEnd(Task exit, TimeSpan? timeout, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            exit.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, time, cancellation).GetAwaiter().GetResult();
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

    private static void End(WindowsChild child, Task exit, TimeSpan gracePeriod, TimeProvider time)
    {
        child.Terminate();
        long start = time.GetTimestamp();
        while ((!exit.IsCompleted || child.HasDescendants()) && time.GetElapsedTime(start) < gracePeriod)
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

    private static Task Background(Action wait)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            wait();
            done.SetResult();
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
