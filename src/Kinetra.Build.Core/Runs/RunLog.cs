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
/// <c>2026-11-23 04:55:01 | INFO     | message</c>, times in UTC. Every line is written through at once.
/// </summary>
public sealed class RunLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
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
            NativeFile.CreateDirectory(Path.GetDirectoryName(file.Full)!);
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
            byte[] line = Encoding.UTF8.GetBytes($"{TimeOf(now)} | {Word(level)} | {text}\n");
            try
            {
                _stream?.Write(line);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(File, error);
            }
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    // Many lines come within one second.
    private string TimeOf(DateTimeOffset now)
    {
        long second = now.UtcTicks / TimeSpan.TicksPerSecond;
        if (second != _lastSecond)
        {
            (_lastSecond, _lastTime) = (second, now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
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
