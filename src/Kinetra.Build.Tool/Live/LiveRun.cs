using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Spectre.Console;

namespace Kinetra.Build.Tool.Live;

/// <summary>Shows a run on the terminal until it ends. What it shows is read anew each time, so that it follows any run, whoever started it.</summary>
/// <param name="step">The step whose output is wanted; null for any.</param>
internal sealed class LiveRun(string? step)
{
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FramePause = TimeSpan.FromMilliseconds(200);

    private const int MostKeys = 16;

    private readonly ChosenStep _chosen = new(step);

    /// <summary>Shows frames.</summary>
    /// <param name="find">Gives the run as it is now; null as long as it has not begun.</param>
    /// <param name="hasEnded">Whether there will be nothing more to show, given the run.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The run as it was shown last; null if there was none. The frame is gone from the screen.</returns>
    public ArchivedRun? Show(Func<ArchivedRun?> find, Func<ArchivedRun?, bool> hasEnded, CancellationToken cancellation)
    {
        ArchivedRun? run = null;
        bool quits = false;
        Screen.Out.Live(new Text("Waiting for the run to begin …")).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(context =>
        {
            while (true)
            {
                long begun = Environment.TickCount64;
                run = find() ?? run;
                bool ended = hasEnded(run);
                if (run is not null)
                {
                    context.UpdateTarget(Frame(run, ended));
                }

                context.Refresh();
                if (ended || quits || cancellation.IsCancellationRequested)
                {
                    return;
                }

                // A large run takes its time to read; the machine is the run's.
                TimeSpan pause = TimeSpan.FromMilliseconds(Math.Max(FramePause.TotalMilliseconds, 4 * (Environment.TickCount64 - begun)));
                quits = !Wait(pause, run, cancellation);
            }
        });
        return run;
    }

    /// <summary>A frame for the size of the screen.</summary>
    public Spectre.Console.Rendering.IRenderable Frame(ArchivedRun run, bool isLast)
    {
        int height = Screen.IsTerminal ? Math.Max(Screen.Out.Profile.Height - 1, 8) : 24;
        int width = Screen.IsTerminal ? Screen.Out.Profile.Width : 80;
        return new RunFrame(width, height).Of(run, _chosen.In(run), isLast || Console.IsInputRedirected ? null : "↑ ↓ another step · q leave (the run goes on)");
    }

    // False if the user wants to leave.
    private bool Wait(TimeSpan pause, ArchivedRun? run, CancellationToken cancellation)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < pause; waited += KeyPause)
        {
            if (cancellation.WaitHandle.WaitOne(KeyPause))
            {
                return true;
            }

            bool moved = false;

            // No more at a time than somebody can press: a terminal that has gone has an endless supply of line ends.
            for (int keys = 0; keys < MostKeys && !Console.IsInputRedirected && Console.KeyAvailable; keys++)
            {
                switch (Console.ReadKey(intercept: true).Key)
                {
                    case ConsoleKey.Q:
                        return false;
                    case ConsoleKey.DownArrow or ConsoleKey.Tab or ConsoleKey.J when run is not null:
                        _chosen.Move(run, 1);
                        moved = true;
                        break;
                    case ConsoleKey.UpArrow or ConsoleKey.K when run is not null:
                        _chosen.Move(run, -1);
                        moved = true;
                        break;
                }
            }

            if (moved)
            {
                return true;
            }
        }

        return true;
    }
}
