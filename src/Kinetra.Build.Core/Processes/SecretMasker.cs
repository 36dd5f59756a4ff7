using System.Buffers;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Replaces secret values by <c>***</c> in a stream of bytes, also where a value is cut by a buffer's end: bytes that may be
/// the beginning of a value are held back until the next ones decide. Values that overlap or touch become one <c>***</c>.
/// Not safe for several threads at a time.
/// </summary>
public sealed class SecretMasker
{
    /// <summary>Shorter values are not masked: they would be found everywhere and hide nothing.</summary>
    public const int MinimumLength = 4;

    private SecretPatterns _patterns;

    // The bytes that are not decided yet, and whether each is part of a value: a ring.
    private byte[] _held;
    private bool[] _covered;
    private readonly ByteBuffer _output = new();
    private int _first;
    private int _count;
    private int _state;
    private bool _masking;

    /// <summary>Prepares to mask some values.</summary>
    /// <param name="values">
    /// The values, each of which is found in all its <see cref="SecretForms"/>. Shorter than <see cref="MinimumLength"/>
    /// characters, <c>true</c> and <c>false</c> are left out.
    /// </param>
    public SecretMasker(IEnumerable<string> values)
        : this(values is IReadOnlyCollection<string> { Count: 0 } ? SecretPatterns.None : new SecretPatterns(values))
    {
    }

    /// <summary>Prepares to mask values that others mask too.</summary>
    internal SecretMasker(SecretPatterns patterns) =>
        (_patterns, _held, _covered) = (patterns, new byte[patterns.LongestLength + 1], new bool[patterns.LongestLength + 1]);

    /// <summary>Masks the next bytes of a stream.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="output">Gets what can be passed on already.</param>
    public void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> output)
    {
        if (_patterns.IsEmpty)
        {
            output(bytes);
            return;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (_state == 0)
            {
                // Nothing is held here. Most bytes of most streams begin no value.
                int harmless = _patterns.IndexOfBeginning(bytes[i..]);
                harmless = harmless < 0 ? bytes.Length - i : harmless;
                _masking &= harmless == 0;
                _output.Write(bytes.Slice(i, harmless));
                i += harmless;
                if (i == bytes.Length)
                {
                    break;
                }
            }

            Take(bytes[i]);
        }

        PassOn(output);
    }

    /// <summary>Passes on what was held back, at the stream's end.</summary>
    /// <param name="output">Gets the rest.</param>
    public void Flush(Action<ReadOnlySpan<byte>> output)
    {
        Release(0);
        (_state, _masking) = (0, false);
        PassOn(output);
    }

    /// <summary>Masks other values from now on, what is held back included.</summary>
    /// <param name="patterns">The values, those of before among them.</param>
    internal void Adopt(SecretPatterns patterns)
    {
        if (ReferenceEquals(patterns, _patterns))
        {
            return;
        }

        (byte Value, bool IsCovered)[] held = [.. Enumerable.Range(0, _count).Select(i => (_first + i) % _held.Length).Select(i => (_held[i], _covered[i]))];
        (_patterns, _held, _covered) = (patterns, new byte[patterns.LongestLength + 1], new bool[patterns.LongestLength + 1]);
        (_first, _count, _state) = (0, 0, 0);
        foreach ((byte value, bool isCovered) in held)
        {
            Take(value, isCovered);
        }
    }

    /// <summary>Masks a whole text.</summary>
    /// <param name="text">The text.</param>
    public string Apply(string text)
    {
        if (_patterns.IsEmpty)
        {
            return text;
        }

        ByteBuffer masked = new();
        SecretMasker masker = new(_patterns);
        masker.Write(Encoding.UTF8.GetBytes(text), bytes => masked.Write(bytes));
        masker.Flush(bytes => masked.Write(bytes));
        return Encoding.UTF8.GetString(masked.Written);
    }

    private void Take(byte value, bool isCovered = false)
    {
        int last = (_first + _count) % _held.Length;
        (_held[last], _covered[last]) = (value, isCovered);
        _count++;
        _state = _patterns.Next(_state, value);
        for (int i = 0; i < _patterns.Match(_state); i++)
        {
            _covered[(last - i + _held.Length) % _held.Length] = true;
        }

        Release(_patterns.Depth(_state));
    }

    // What is no beginning of a value any more is decided.
    private void Release(int keep)
    {
        for (; _count > keep; _count--)
        {
            if (!_covered[_first])
            {
                _output.Write([_held[_first]]);
            }
            else if (!_masking)
            {
                _output.Write("***"u8);
            }

            _masking = _covered[_first];
            _first = (_first + 1) % _held.Length;
        }
    }

    private void PassOn(Action<ReadOnlySpan<byte>> output)
    {
        if (_output.Length > 0)
        {
            output(_output.Written);
            _output.Clear();
        }
    }
}
