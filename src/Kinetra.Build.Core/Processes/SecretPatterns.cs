using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds any of some values, in any of their forms, in a stream of bytes in one pass, whatever their number (A. V. Aho and
/// M. J. Corasick, "Efficient string matching", CACM 18, 1975), as a table: state and class of byte give the next state. Where no
/// value has begun, most bytes are not even looked at (S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", 1994).
/// </summary>
internal sealed class SecretPatterns
{
    private const int HashBits = 14;
    private static readonly string[] Harmless = ["true", "false"];

    // Bytes that are in no value behave alike and are class 0, which keeps the table small.
    private readonly short[] _class = new short[256];
    private readonly int _classes = 1;
    private readonly List<int> _next;
    private readonly List<int> _depth = [0];
    private readonly List<int> _match = [0];
    private readonly SearchValues<byte> _first;

    // By how much a window of the shortest value's length may move on, if its last two bytes are these; and whether a value
    // begins with four bytes of this hash.
    private readonly byte[] _shift;
    private readonly bool[] _beginnings;
    private readonly int _shortest;

    /// <summary>Those that find nothing, for the many steps without secrets.</summary>
    public static SecretPatterns None { get; } = new([]);

    public SecretPatterns(IEnumerable<string> values)
    {
        byte[][] patterns =
        [
            .. values
                .Where(IsSecret)
                .SelectMany(SecretForms.Of)
                .Where(IsSecret)
                .Distinct()
                .Select(Encoding.UTF8.GetBytes),
        ];
        if (patterns.Length == 0)
        {
            // Most steps have no secrets, and what follows would have to be compiled in every build.
            IsEmpty = true;
            (_next, _shift, _beginnings) = ([], [], []);
            _first = SearchValues.Create((ReadOnlySpan<byte>)[]);
            return;
        }

        foreach (byte value in patterns.SelectMany(pattern => pattern).Distinct())
        {
            _class[value] = (short)_classes++;
        }

        _next = [.. new int[_classes]];
        foreach (byte[] pattern in patterns)
        {
            Add(pattern);
        }

        Complete();
        _first = SearchValues.Create([.. patterns.Select(pattern => pattern[0]).Distinct()]);
        _shortest = Math.Min(patterns.Min(pattern => pattern.Length), byte.MaxValue);
        (_shift, _beginnings) = Windows(patterns, _shortest);
        LongestLength = patterns.Max(pattern => pattern.Length);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty { get; }

    /// <summary>The length of the longest value, in bytes.</summary>
    public int LongestLength { get; }

    /// <summary>Where in some bytes a value may begin, perhaps one that they have only a part of; -1 for nowhere.</summary>
    public int IndexOfBeginning(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i + _shortest <= bytes.Length)
        {
            int last = i + _shortest - 1;
            int shift = _shift[(bytes[last - 1] << 8) | bytes[last]];
            if (shift == 0)
            {
                if (_beginnings[HashOfFour(bytes[i..])])
                {
                    return i;
                }

                shift = 1;
            }

            i += shift;
        }

        // Too few are left for a whole value: any first byte may be the beginning of one.
        int found = i < bytes.Length ? bytes[i..].IndexOfAny(_first) : -1;
        return found < 0 ? -1 : i + found;
    }

    /// <summary>The state after a byte; the first state is 0.</summary>
    public int Next(int state, byte value) => _next[(state * _classes) + _class[value]];

    /// <summary>How many of the last bytes may be the beginning of a value.</summary>
    public int Depth(int state) => _depth[state];

    /// <summary>How many of the last bytes are a value, the longest one that ends here; 0 if none does.</summary>
    public int Match(int state) => _match[state];

    private static bool IsSecret(string value) => value.Length >= SecretMasker.MinimumLength && !Harmless.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static (byte[] Shift, bool[] Beginnings) Windows(byte[][] patterns, int shortest)
    {
        if (patterns.Length == 0)
        {
            return ([], []);
        }

        byte[] shift = new byte[256 * 256];
        bool[] beginnings = new bool[1 << HashBits];
        Array.Fill(shift, (byte)(shortest - 1));
        foreach (byte[] pattern in patterns)
        {
            beginnings[HashOfFour(pattern)] = true;
            for (int second = 1; second < shortest; second++)
            {
                ref byte known = ref shift[(pattern[second - 1] << 8) | pattern[second]];
                known = Math.Min(known, (byte)(shortest - 1 - second));
            }
        }

        return (shift, beginnings);
    }

    private static int HashOfFour(ReadOnlySpan<byte> bytes) => (int)((BinaryPrimitives.ReadUInt32LittleEndian(bytes) * 2654435761u) >> (32 - HashBits));

    private void Add(byte[] pattern)
    {
        int state = 0;
        foreach (byte value in pattern)
        {
            int index = (state * _classes) + _class[value];
            if (_next[index] == 0)
            {
                _next[index] = _depth.Count;
                _next.AddRange(new int[_classes]);
                _depth.Add(_depth[state] + 1);
                _match.Add(0);
            }

            state = _next[index];
        }

        _match[state] = pattern.Length;
    }

    // Where a byte leads nowhere, go on from the longest proper suffix that is a beginning too. Breadth first, as a suffix is shorter.
    private void Complete()
    {
        int[] suffix = new int[_depth.Count];
        Queue<int> states = new([0]);
        while (states.TryDequeue(out int state))
        {
            for (int kind = 0; kind < _classes; kind++)
            {
                int index = (state * _classes) + kind;
                int fallback = state == 0 ? 0 : _next[(suffix[state] * _classes) + kind];
                if (_next[index] == 0)
                {
                    _next[index] = fallback;
                    continue;
                }

                int next = _next[index];
                suffix[next] = fallback;
                _match[next] = Math.Max(_match[next], _match[fallback]);
                states.Enqueue(next);
            }
        }
    }
}
