namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Takes what a program writes: secrets are masked, the bytes go to the log, the lines to whoever listens, and the last
/// lines are kept for the error message. Each pipe of the program has a channel of its own, so that a line or a secret
/// that comes in two parts is not torn by what comes on another. Costs nearly nothing as long as nothing is written, as by most
/// programs of a large graph. Safe for several threads.
/// </summary>
public sealed class StepOutput
{
    private readonly Lock _gate = new();
    private readonly Stream _log;
    private readonly IReadOnlyCollection<string> _secrets;
    private readonly Action<string>? _line;
    private readonly Func<ReadOnlySpan<byte>, bool>? _filter;
    private readonly List<Channel> _channels = [];
    private AddedMasks? _masks;
    private OutputTail? _tail;
    private CancellationTokenSource? _failed;
    private Exception? _failure;
    private bool _complete;

    /// <summary>Prepares to take output.</summary>
    /// <param name="log">Gets the bytes, masked.</param>
    /// <param name="secrets">The values to be masked, as for <see cref="SecretMasker"/>.</param>
    /// <param name="line">Gets each line as it comes; null if nobody listens.</param>
    /// <param name="filter">
    /// Whether the listener may want something of some bytes, colours and all: a line, or many whole lines; null for all of
    /// them. What it does not want of many lines it wants of none of them.
    /// </param>
    public StepOutput(Stream log, IReadOnlyCollection<string> secrets, Action<string>? line, Func<ReadOnlySpan<byte>, bool>? filter = null) =>
        (_log, _secrets, _line, _filter) = (log, secrets, line, filter);

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
            {
                if (_tail is null)
                {
                    return [];
                }

                // Once more, as a value may have been added since its line came.
                SecretMasker masker = new(Masks.Patterns);
                return [.. _tail.Lines().Select(masker.Apply)];
            }
        }
    }

    /// <summary>Masks a text as the output is masked.</summary>
    /// <param name="text">The text.</param>
    public string Mask(string text) => new SecretMasker(Masks.Patterns).Apply(text);

    /// <summary>How many values of <c>::add-mask::</c> were more than are masked.</summary>
    public int MasksRefused => _masks?.Refused ?? 0;

    /// <summary>Cancelled when the log cannot be written any more: there is no point in going on then.</summary>
    internal CancellationToken Failed
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null ? new CancellationToken(canceled: true) : (_failed ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Whether the log cannot be written any more.</summary>
    internal bool HasFailed => _failure is not null;

    /// <summary>A channel for one pipe.</summary>
    public Channel Open()
    {
        lock (_gate)
        {
            Channel channel = new(this);
            _channels.Add(channel);
            return channel;
        }
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

    // Made when they are first needed, as the tail is.
    private AddedMasks Masks => _masks ??= new AddedMasks(_secrets);

    private bool PassesOver => _line is null || _filter is not null;

    // Decoded only for whoever wants to see it; the tail keeps the bytes until somebody asks.
    private void Keep(ReadOnlySpan<byte> bytes, bool isCut, SecretMasker masker)
    {
        string? shown = null;
        if (_line is not null && (_filter is null || _filter(bytes)))
        {
            shown = Show(bytes, isCut, masker);
            _line(shown);
        }

        _tail ??= new OutputTail((line, isCutOff) => Show(line, isCutOff, new SecretMasker(Masks.Patterns)));
        _tail.Add(bytes, isCut, shown);
    }

    // A line is masked once more: a value with a colour inside is whole only when the line has been cleaned.
    private static string Show(ReadOnlySpan<byte> bytes, bool isCut, SecretMasker masker)
    {
        string text = LineSplitter.Text(bytes, isCut, out bool isCleaned);
        return isCleaned ? masker.Apply(text) : text;
    }

    /// <summary>Takes the bytes of one pipe.</summary>
    public sealed class Channel
    {
        private const int BlockLength = 16 * 1024;

        private readonly StepOutput _output;
        private readonly SecretMasker _masker;
        private readonly LineSplitter _splitter;
        private readonly MaskCommands _commands = new();

        internal Channel(StepOutput output) =>
            (_output, _masker, _splitter) = (output, new SecretMasker(output.Masks.Patterns), new LineSplitter((bytes, isCut) => output.Keep(bytes, isCut, _masker!)));

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
                    _commands.Write(bytes, Mask, _output.Masks.Add);
                }
                catch (IOException error)
                {
                    _output._failure = error;
                    _ = _output._failed?.CancelAsync();
                }
            }
        }

        internal void Flush()
        {
            _commands.Flush(Mask, _output.Masks.Add);
            _masker.Flush(Pass);
            _splitter.Flush();
        }

        private void Mask(ReadOnlySpan<byte> bytes)
        {
            _masker.Adopt(_output.Masks.Patterns);
            _masker.Write(bytes, Pass);
        }

        private void Pass(ReadOnlySpan<byte> bytes)
        {
            _output._log.Write(bytes);

            // Where nobody wants every line, whole blocks of lines are passed over but for what the tail needs.
            int first = bytes.IndexOf((byte)'\n') + 1;
            if (!_output.PassesOver || first == 0)
            {
                _splitter.Write(bytes);
                return;
            }

            _splitter.Write(bytes[..first]);
            ReadOnlySpan<byte> rest = bytes[first..];
            while (rest.Length > BlockLength && rest[..BlockLength].LastIndexOf((byte)'\n') is var end and >= 0)
            {
                Pass(_output, _splitter, rest[..(end + 1)]);
                rest = rest[(end + 1)..];
            }

            int last = rest.LastIndexOf((byte)'\n') + 1;
            Pass(_output, _splitter, rest[..last]);
            _splitter.Write(rest[last..]);
        }

        private static void Pass(StepOutput output, LineSplitter splitter, ReadOnlySpan<byte> lines) =>
            splitter.Write(output._filter is { } filter && filter(lines) ? lines : lines[OutputTail.StartIn(lines)..]);
    }
}
