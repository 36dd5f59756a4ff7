using System.ComponentModel;
using System.Globalization;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Ends the running attempts when the build dies of something that it cannot act on, such as SIGKILL: one process for a
/// whole run, which takes the end of a pipe for the death of the build; what runs then it finds in a table (Linux), or was told through that pipe. Started
/// with the first attempt; on Windows there is none, as each program's job object does the same. Safe for several threads.
/// </summary>
public sealed class Watchdog : IDisposable
{
    private const int MarkLength = 200;

    private readonly Lock _gate = new();
    private readonly TimeSpan _gracePeriod;
    private readonly IReadOnlyList<string> _shell;
    private readonly string _path;
    private readonly Dictionary<int, WatchedAttempt> _living = [];
    private WatchedTable? _table;
    private bool _tableAsked;
    private WatchdogProcess? _process;
    private WatchdogProcess? _leaving;
    private int _last;
    private bool _disposed;

    /// <summary>Creates a watchdog; nothing is started yet.</summary>
    /// <param name="gracePeriod">From telling the attempts to stop until they are killed.</param>
    public Watchdog(TimeSpan gracePeriod)
        : this(gracePeriod, ["/bin/sh"], "/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin")
    {
    }

    /// <summary>Creates a watchdog that is run by a certain shell.</summary>
    /// <param name="gracePeriod">From telling the attempts to stop until they are killed.</param>
    /// <param name="shell">The shell's absolute path and its first arguments.</param>
    /// <param name="path">Where it finds its programs.</param>
    internal Watchdog(TimeSpan gracePeriod, IReadOnlyList<string> shell, string path) => (_gracePeriod, _shell, _path) = (gracePeriod, shell, path);

    /// <summary>Why there is no watchdog at the moment though attempts run, or why there was none; null if all went well.</summary>
    public string? Problem { get; private set; }

    /// <summary>The process id of the watchdog; null if none runs.</summary>
    internal int? Id
    {
        get
        {
            lock (_gate)
            {
                return OperatingSystem.IsWindows() ? null : _process?.Id;
            }
        }
    }

    /// <summary>Announces an attempt before it is started. That there is no watchdog to be had is no reason not to start it: see <see cref="Problem"/>.</summary>
    /// <param name="mark">The value in its environment that no other process has.</param>
    /// <returns>To be told of the start, and disposed of at the end of the attempt.</returns>
    internal WatchedAttempt Begin(string mark)
    {
        lock (_gate)
        {
            WatchedAttempt attempt = new(this, ++_last, Plain(mark));
            _living.Add(attempt.Number, attempt);
            if (OperatingSystem.IsLinux())
            {
                if (!_tableAsked)
                {
                    (_table, _tableAsked) = (WatchedTable.TryCreate(), true);
                }

                attempt.Line = _table?.Add(attempt.Mark) ?? -1;
            }

            if (attempt.Line >= 0)
            {
                StartUnlessListening();
            }
            else
            {
                Tell($"mark {attempt.Number} {attempt.Mark}");
            }

            return attempt;
        }
    }

    /// <summary>Takes note of an attempt's process.</summary>
    internal void Started(WatchedAttempt attempt)
    {
        lock (_gate)
        {
            if (OperatingSystem.IsLinux() && attempt is { Line: >= 0, Group: { } group })
            {
                _table?.SetGroup(attempt.Line, attempt.Mark, group);
            }
            else
            {
                Tell(string.Create(CultureInfo.InvariantCulture, $"group {attempt.Number} {attempt.Group}"));
            }
        }
    }

    /// <summary>Takes note of an attempt's end. Its process id must not have been freed yet: it could be another process's by now.</summary>
    internal void End(WatchedAttempt attempt)
    {
        lock (_gate)
        {
            if (_living.Remove(attempt.Number))
            {
                if (OperatingSystem.IsLinux() && attempt.Line >= 0)
                {
                    _table?.Remove(attempt.Line);
                }
                else
                {
                    Tell($"end {attempt.Number}");
                }

                Close();
            }
        }
    }

    /// <summary>
    /// Ends what a build that died has left, in case its own watchdog died too or still waits: told to stop, killed after the
    /// grace period. Linux only; elsewhere nothing is found.
    /// </summary>
    /// <param name="marks">The marks of the attempts that were running.</param>
    /// <param name="gracePeriod">How long they may take.</param>
    /// <param name="time">The clock for that.</param>
    /// <returns>How many processes there were.</returns>
    public static int EndLeftovers(IReadOnlyList<string> marks, TimeSpan gracePeriod, TimeProvider time) =>
        ProcessTree.EndLeftovers(marks, gracePeriod, time);

    /// <summary>
    /// The run seems to be over: the watchdog is sent away, unless an attempt still runs. The end of it is awaited by
    /// <see cref="Dispose"/>, so that it costs the build no time. Should another attempt begin, there is a new one.
    /// </summary>
    public void Dismiss()
    {
        lock (_gate)
        {
            if (_process is not null && _living.Count == 0 && !OperatingSystem.IsWindows())
            {
                _leaving?.WaitForEnd();
                _process.SayGoodbye();
                (_leaving, _process) = (_process, null);
            }
        }
    }

    /// <summary>The end of the run: the watchdog is sent away, as soon as no attempt runs any more. Calling it again does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Close();
        }
    }

    private void Close()
    {
        if (_disposed && _living.Count == 0 && !OperatingSystem.IsWindows())
        {
            Dismiss();
            _leaving?.WaitForEnd();
            _leaving = null;
            if (OperatingSystem.IsLinux())
            {
                _table?.Dispose();
                (_table, _tableAsked) = (null, false);
            }
        }
    }

    // A watchdog that has died is noticed here; its successor has the same table.
    private void StartUnlessListening()
    {
        if (!OperatingSystem.IsWindows() && _process?.IsListening() != true)
        {
            Start();
        }
    }

    // A watchdog that has died is noticed here, and its successor told of everything that lives; that includes what was to be said.
    private void Tell(string line)
    {
        if (!OperatingSystem.IsWindows() && _process?.TryWrite(line) != true)
        {
            Start();
        }
    }

    [UnsupportedOSPlatform("windows")]
    private void Start()
    {
        _process?.Kill();
        _process = null;
        if (_living.Count == 0)
        {
            return;
        }

        try
        {
            _process = WatchdogProcess.Start(_shell, _path, _gracePeriod, OperatingSystem.IsLinux() ? _table?.Descriptor : null);
            foreach (WatchedAttempt living in _living.Values)
            {
                if (living.Line >= 0)
                {
                    continue;
                }

                _process.TryWrite($"mark {living.Number} {living.Mark}");
                if (living.Group is { } group)
                {
                    _process.TryWrite(string.Create(CultureInfo.InvariantCulture, $"group {living.Number} {group}"));
                }
            }

            Problem = null;
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            Problem = $"{_shell[0]} could not be started: {error.Message}";
        }
    }

    // The script takes a mark apart at spaces. Whoever has the whole value has each part of it, and what is unique in it comes last.
    private static string Plain(string mark)
    {
        int start = mark.Length;
        while (start > 0 && mark.Length - start < MarkLength && (char.IsAsciiLetterOrDigit(mark[start - 1]) || mark[start - 1] is '.' or '_' or '-' or '='))
        {
            start--;
        }

        return mark.Length - start >= 16 ? mark[start..] : throw new ArgumentException($"\"{mark}\" does not end in 16 plain characters.", nameof(mark));
    }
}

/// <summary>An attempt that the watchdog knows.</summary>
internal sealed class WatchedAttempt : IDisposable
{
    private readonly Watchdog _watchdog;

    internal WatchedAttempt(Watchdog watchdog, int number, string mark) => (_watchdog, Number, Mark) = (watchdog, number, mark);

    /// <summary>Which one, from 1.</summary>
    public int Number { get; }

    /// <summary>What its processes have in their environment.</summary>
    public string Mark { get; }

    /// <summary>Its line in the table; -1 if the watchdog hears of it.</summary>
    public int Line { get; set; } = -1;

    /// <summary>Its process id, which is its session's and its group's too; null until it is started.</summary>
    public int? Group { get; private set; }

    /// <summary>The attempt was started.</summary>
    /// <param name="group">Its process id.</param>
    public void Started(int group)
    {
        Group = group;
        _watchdog.Started(this);
    }

    /// <summary>The attempt has ended. Calling it again does nothing.</summary>
    public void Dispose() => _watchdog.End(this);
}
