using System.Buffers;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds any of some values, in any of their forms, in a stream of bytes in one pass, whatever their number (A. V. Aho and
/// M. J. Corasick, "Efficient string matching", CACM 18, 1975), as a table: state and class of byte give the next state.
/// </summary>
internal sealed class SecretPatterns
{
    private static readonly string[] Harmless = ["true", "false"];

    // Bytes that are in no value behave alike and are class 0, which keeps the table small.
    private readonly short[] _class = new short[256];
    private readonly int _classes = 1;
    private readonly List<int> _next;
    private readonly List<int> _depth = [0];
    private readonly List<int> _match = [0];
    private readonly SearchValues<byte> _first;
    private readonly bool[] _pairs;

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
        foreach (byte value in patterns.SelectMany(pattern => pattern).Distinct())
        {
            _class[value] = (short)_classes++;
        }

        _next = [.. new int[_classes]];
        _pairs = patterns.Length == 0 ? [] : new bool[256 * 256];
        foreach (byte[] pattern in patterns)
        {
            Add(pattern);
            _pairs[(pattern[0] << 8) | pattern[1]] = true;
        }

        Complete();
        _first = SearchValues.Create([.. patterns.Select(pattern => pattern[0]).Distinct()]);
        IsEmpty = patterns.Length == 0;
        LongestLength = patterns.Length == 0 ? 0 : patterns.Max(pattern => pattern.Length);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty { get; }

    /// <summary>The length of the longest value, in bytes.</summary>
    public int LongestLength { get; }

    /// <summary>Where in some bytes a value may begin, as they lead out of the first state; -1 for nowhere.</summary>
    public int IndexOfBeginning(ReadOnlySpan<byte> bytes)
    {
        // A value has two bytes at least, and most places where the first one stands do not have the second.
        for (int i = 0; ; i++)
        {
            int found = bytes[i..].IndexOfAny(_first);
            if (found < 0)
            {
                return -1;
            }

            i += found;
            if (i + 1 == bytes.Length || _pairs[(bytes[i] << 8) | bytes[i + 1]])
            {
                return i;
            }
        }
    }

    /// <summary>The state after a byte; the first state is 0.</summary>
    public int Next(int state, byte value) => _next[(state * _classes) + _class[value]];

    /// <summary>How many of the last bytes may be the beginning of a value.</summary>
    public int Depth(int state) => _depth[state];

    /// <summary>How many of the last bytes are a value, the longest one that ends here; 0 if none does.</summary>
    public int Match(int state) => _match[state];

    private static bool IsSecret(string value) => value.Length >= SecretMasker.MinimumLength && !Harmless.Contains(value, StringComparer.OrdinalIgnoreCase);

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
