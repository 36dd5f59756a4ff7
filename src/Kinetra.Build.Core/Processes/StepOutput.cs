namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Takes what a program writes: secrets are masked, the bytes go to the log, the lines to whoever listens, and the last
/// lines are kept for the error message. Safe for several threads, as Windows has a pipe each for output and errors.
/// </summary>
public sealed class StepOutput
{
    private const int TailLines = 12;
    private const int TailWidth = 400;

    private readonly Lock _gate = new();
    private readonly Stream _log;
    private readonly SecretMasker _masker;
    private readonly LineSplitter _splitter;
    private readonly Action<string>? _line;
    private readonly Queue<string> _tail = new();
    private Exception? _failure;
    private bool _complete;

    /// <summary>Prepares to take output.</summary>
    /// <param name="log">Gets the bytes, masked.</param>
    /// <param name="masker">Knows the secrets; used by this output alone.</param>
    /// <param name="line">Gets each line as it comes; null if nobody listens.</param>
    public StepOutput(Stream log, SecretMasker masker, Action<string>? line)
    {
        (_log, _masker, _line) = (log, masker, line);
        _splitter = new LineSplitter(Keep);
    }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
            {
                return [.. _tail];
            }
        }
    }

    /// <summary>
    /// Takes the next bytes. What comes after <see cref="Complete"/> is dropped; when the log cannot be written, output is
    /// still taken, so that the program does not hang, and <see cref="Complete"/> reports it.
    /// </summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_complete || _failure is not null)
            {
                return;
            }

            try
            {
                _masker.Write(bytes, Pass);
            }
            catch (IOException error)
            {
                _failure = error;
            }
        }
    }

    /// <summary>Passes on what was held back, when no more comes.</summary>
    /// <exception cref="IOException">The log could not be written.</exception>
    public void Complete()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw new IOException(_failure.Message, _failure);
            }

            _complete = true;
            _masker.Flush(Pass);
            _splitter.Flush();
            _log.Flush();
        }
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _log.Write(bytes);
        _splitter.Write(bytes);
    }

    private void Keep(string line)
    {
        _line?.Invoke(line);
        if (line.Length == 0)
        {
            return;
        }

        if (_tail.Count == TailLines)
        {
            _tail.Dequeue();
        }

        _tail.Enqueue(line.Length <= TailWidth ? line : line[..TailWidth] + " …");
    }
}
