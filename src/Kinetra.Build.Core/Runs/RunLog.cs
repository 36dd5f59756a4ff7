using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>How much a line of the run log matters.</summary>
public enum LogLevel
{
    /// <summary>Only of interest when something has to be understood.</summary>
    Debug,

    /// <summary>What happened.</summary>
    Info,

    /// <summary>Something failed that the workflow can do without.</summary>
    Warning,

    /// <summary>The workflow fails of it.</summary>
    Error,
}

/// <summary>
/// The log of a run, <c>workflow_{workflow_id}.log</c>, in the seed's form:
/// <c>2026-11-23 04:55:01 | INFO     | message</c>, times in UTC. Every line is written through at once, but while lines are held
/// (<see cref="Hold"/>): then only warnings and errors are.
/// </summary>
public sealed class RunLog : IDisposable
{
    // In bytes.
    private const int MostHeld = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private byte[] _held = new byte[4 * 1024];
    private int _length;
    private bool _holds;
    private FileStream? _stream;
    private long _lastSecond = -1;
    private string _lastTime = "";

    private RunLog(FilePath file, FileStream stream, TimeProvider time) => (File, _stream, _time) = (file, stream, time);

    /// <summary>Creates a log.</summary>
    /// <returns>Null if the name is taken.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    internal static RunLog? TryCreate(FilePath file, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Full)!);
            return new RunLog(file, new FileStream(NativeFile.CreateNew(file.Full, UnixMode.Private), FileAccess.ReadWrite, bufferSize: 0), time);
        }
        catch (IOException) when (System.IO.File.Exists(file.Full))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(file, error);
        }
    }

    /// <summary>The log file.</summary>
    public FilePath File { get; }

    /// <summary>Adds a line. After the log was closed it is dropped: the run is over.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">The message; further lines of it are indented.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public void Write(LogLevel level, string message)
    {
        DateTimeOffset now = _time.GetUtcNow();
        string text = message.ReplaceLineEndings("\n    ");
        lock (_gate)
        {
            int before = _length;
            Add(TimeOf(now));
            Add(" | ");
            Add(Word(level));
            Add(" | ");
            Add(text);
            Add("\n");
            if (!_holds || level >= LogLevel.Warning || _length > MostHeld)
            {
                WriteThrough(before);
            }
        }
    }

    /// <summary>
    /// From now on lines may wait for <see cref="Flush"/>, which whoever asks for this calls every now and then: of a thousand steps a second each has a few
    /// lines, and a call of the system for each of these takes longer than all else about them.
    /// </summary>
    public void Hold()
    {
        lock (_gate)
        {
            _holds = true;
        }
    }

    /// <summary>Every line is written through again, and those that wait now, as by <see cref="Flush"/>.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _holds = false;
            Flush();
        }
    }

    /// <summary>Writes the lines that wait. If that cannot be done whoever writes the next one is told.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            try
            {
                WriteThrough(_length);
            }
            catch (KinetraException)
            {
                _holds = false;
            }
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        Flush();
        lock (_gate)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    private void Add(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_held.Length - _length < most)
        {
            Array.Resize(ref _held, 2 * (_length + most));
        }

        _length += Encoding.UTF8.GetBytes(text, _held.AsSpan(_length));
    }

    // What could not be written is kept for the next try, but for the line of whoever is told now.
    private void WriteThrough(int keep)
    {
        try
        {
            _stream?.Write(_held, 0, _length);
            _length = 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _length = keep;
            throw Unwritable(File, error);
        }
    }

    // Many lines come within one second.
    private string TimeOf(DateTimeOffset now)
    {
        long second = now.UtcTicks / TimeSpan.TicksPerSecond;
        if (second != _lastSecond)
        {
            // The universal form without its Z, as .NET has precompiled code for that.
            (_lastSecond, _lastTime) = (second, now.ToString("u", CultureInfo.InvariantCulture)[..^1]);
        }

        return _lastTime;
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG   ",
        LogLevel.Info => "INFO    ",
        LogLevel.Warning => "WARNING ",
        _ => "ERROR   ",
    };

    private static KinetraException Unwritable(FilePath file, Exception error) =>
        new(DiagnosticCodes.StateUnwritable, $"The run log {file} cannot be written: {Errno.Describe(error)}. Check the directory, or choose another one with KinetraLogDirectory.", error);
}
