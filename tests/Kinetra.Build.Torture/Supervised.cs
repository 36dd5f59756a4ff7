using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Torture;

/// <summary>A build as far as the watchdog is concerned: it runs shell lines, and waits to be killed.</summary>
internal sealed class Supervised
{
    private static readonly Lock Gate = new();

    private readonly string _folder;
    private readonly string _mark;
    private readonly Watchdog _watchdog;
    private int _last;

    /// <summary>Prepares; nothing is started yet.</summary>
    /// <param name="folder">Where the lines run, and where the file <c>watchdog</c> has the watchdog's process id.</param>
    /// <param name="mark">The beginning of the attempts' marks.</param>
    /// <param name="shell">The watchdog's shell, with its first arguments.</param>
    /// <param name="path">Where the watchdog finds its programs.</param>
    /// <param name="gracePeriod">The grace period.</param>
    public Supervised(string folder, string mark, string shell, string path, TimeSpan gracePeriod) =>
        (_folder, _mark, _watchdog) = (folder, mark, new Watchdog(gracePeriod, shell.Split(' '), path));

    /// <summary>Runs a line, and another, <c>true</c>, each time that a file <c>again</c> appears.</summary>
    /// <param name="line">The line.</param>
    public void Run(string line)
    {
        string again = Path.Combine(_folder, "again");
        Start(line, known: true);
        while (true)
        {
            Note();
            while (!File.Exists(again))
            {
                Thread.Sleep(10);
            }

            Attempt("true", known: true);
            File.Delete(again);
        }
    }

    /// <summary>Runs a line, and is killed between the start and telling the watchdog of it: it knows the mark only.</summary>
    /// <param name="line">The line.</param>
    public void RunUnknown(string line)
    {
        Start(line, known: false);
        Note();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Starts one program after the other, as fast as it can, all of which go on.</summary>
    /// <param name="count">How many.</param>
    public void Storm(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Start("sleep 300 & setsid sleep 300 & wait", known: true);
        }

        Note();
        Thread.Sleep(Timeout.Infinite);
    }

    private void Start(string line, bool known) => new Thread(() => Attempt(line, known)).Start();

    private void Attempt(string line, bool known)
    {
        string mark = $"{_mark}.{Interlocked.Increment(ref _last):0000}";
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["KINETRA_ATTEMPT_ID"] = mark };
        mark = "KINETRA_ATTEMPT_ID=" + mark;
        using WatchedAttempt? alone = known ? null : _watchdog.Begin(mark);
        ProcessSpec spec = new(ProcessSpec.Shell(line), _folder, environment, mark);
        new ProcessRunner(TimeProvider.System, known ? _watchdog : null)
            .Run(spec, new StepOutput(Stream.Null, [], null), new ProcessLimits(null, TimeSpan.FromSeconds(2)), CancellationToken.None);
        File.WriteAllText(Path.Combine(_folder, "ended"), line);
    }

    private void Note()
    {
        lock (Gate)
        {
            SpinWait.SpinUntil(() => _watchdog.Id is not null);
            string temporary = Path.Combine(_folder, "watchdog.new");
            File.WriteAllText(temporary, $"{_watchdog.Id}\n");
            File.Move(temporary, Path.Combine(_folder, "watchdog"), overwrite: true);
        }
    }
}
