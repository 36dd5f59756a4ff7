namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Takes what a program writes: secrets are masked, the bytes go to the log, the lines to whoever listens, and the last
/// lines are kept for the error message. Each pipe of the program has a channel of its own, so that a line or a secret
/// that comes in two parts is not torn by what comes on another. Safe for several threads.
/// </summary>
public sealed class StepOutput
{
    private const int TailLines = 12;
    private const int TailWidth = 400;

    private readonly Lock _gate = new();
    private readonly Stream _log;
    private readonly IReadOnlyCollection<string> _secrets;
    private readonly Action<string>? _line;
    private readonly Queue<string> _tail = new();
    private readonly List<Channel> _channels = [];
    private readonly CancellationTokenSource _failed = new();
    private Exception? _failure;
    private bool _complete;

    /// <summary>Prepares to take output.</summary>
    /// <param name="log">Gets the bytes, masked.</param>
    /// <param name="secrets">The values to be masked, as for <see cref="SecretMasker"/>.</param>
    /// <param name="line">Gets each line as it comes; null if nobody listens.</param>
    public StepOutput(Stream log, IReadOnlyCollection<string> secrets, Action<string>? line) =>
        (_log, _secrets, _line) = (log, secrets, line);

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

    /// <summary>Cancelled when the log cannot be written any more: there is no point in going on then.</summary>
    internal CancellationToken Failed => _failed.Token;

    /// <summary>A channel for one pipe.</summary>
    public Channel Open()
    {
        Channel channel = new(this);
        _channels.Add(channel);
        return channel;
    }

    /// <summary>Passes on what was held back, when no more comes. What comes nevertheless is dropped.</summary>
    /// <exception cref="IOException">The log could not be written, now or before.</exception>
    public void Complete()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw new IOException(_failure.Message, _failure);
            }

            _complete = true;
            foreach (Channel channel in _channels)
            {
                channel.Flush();
            }

            _log.Flush();
        }
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

        _tail.Enqueue(line.Length <= TailWidth ? line : Cut(line) + " …");
    }

    private static string Cut(string line) => line[..(char.IsHighSurrogate(line[TailWidth - 1]) ? TailWidth - 1 : TailWidth)];

    /// <summary>Takes the bytes of one pipe.</summary>
    public sealed class Channel
    {
        private readonly StepOutput _output;
        private readonly SecretMasker _masker;
        private readonly LineSplitter _splitter;

        // A line is masked once more: a value with a colour inside is whole only when the line has been cleaned.
        internal Channel(StepOutput output) =>
            (_output, _masker, _splitter) = (output, new SecretMasker(output._secrets), new LineSplitter(line => output.Keep(_masker!.Apply(line))));

        /// <summary>
        /// Takes the next bytes. When the log cannot be written they are dropped, so that the program does not hang, and
        /// <see cref="Complete"/> reports it.
        /// </summary>
        /// <param name="bytes">The bytes.</param>
        public void Write(ReadOnlySpan<byte> bytes)
        {
            lock (_output._gate)
            {
                if (_output._complete || _output._failure is not null)
                {
                    return;
                }

                try
                {
                    _masker.Write(bytes, Pass);
                }
                catch (IOException error)
                {
                    _output._failure = error;
                    _ = _output._failed.CancelAsync();
                }
            }
        }

        internal void Flush()
        {
            _masker.Flush(Pass);
            _splitter.Flush();
        }

        private void Pass(ReadOnlySpan<byte> bytes)
        {
            _output._log.Write(bytes);
            _splitter.Write(bytes);
        }
    }
}
