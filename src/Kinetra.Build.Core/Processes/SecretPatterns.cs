using System.Buffers;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds any of some values in a stream of bytes in one pass, whatever their number (A. V. Aho and M. J. Corasick, "Efficient
/// string matching", CACM 18, 1975), as a table: state and byte give the next state.
/// </summary>
internal sealed class SecretPatterns
{
    private const int Alphabet = 256;
    private static readonly string[] Harmless = ["true", "false"];

    private readonly List<int[]> _next = [new int[Alphabet]];
    private readonly List<int> _depth = [0];
    private readonly List<int> _match = [0];

    public SecretPatterns(IEnumerable<string> values)
    {
        byte[][] patterns =
        [
            .. values
                .SelectMany(value => value.Split('\n', StringSplitOptions.TrimEntries).Append(value))
                .Where(value => value.Length >= SecretMasker.MinimumLength && !Harmless.Contains(value, StringComparer.OrdinalIgnoreCase))
                .Distinct()
                .Select(Encoding.UTF8.GetBytes),
        ];
        foreach (byte[] pattern in patterns)
        {
            Add(pattern);
        }

        Complete();
        FirstBytes = SearchValues.Create([.. patterns.Select(pattern => pattern[0]).Distinct()]);
        IsEmpty = patterns.Length == 0;
        LongestLength = patterns.Length == 0 ? 0 : patterns.Max(pattern => pattern.Length);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty { get; }

    /// <summary>The length of the longest value, in bytes.</summary>
    public int LongestLength { get; }

    /// <summary>The bytes that lead out of the first state.</summary>
    public SearchValues<byte> FirstBytes { get; }

    /// <summary>The state after a byte; the first state is 0.</summary>
    public int Next(int state, byte value) => _next[state][value];

    /// <summary>How many of the last bytes may be the beginning of a value.</summary>
    public int Depth(int state) => _depth[state];

    /// <summary>How many of the last bytes are a value, the longest one that ends here; 0 if none does.</summary>
    public int Match(int state) => _match[state];

    private void Add(byte[] pattern)
    {
        int state = 0;
        foreach (byte value in pattern)
        {
            if (_next[state][value] == 0)
            {
                _next[state][value] = _next.Count;
                _next.Add(new int[Alphabet]);
                _depth.Add(_depth[state] + 1);
                _match.Add(0);
            }

            state = _next[state][value];
        }

        _match[state] = pattern.Length;
    }

    // Where a byte leads nowhere, go on from the longest proper suffix that is a beginning too. Breadth first, as a suffix is shorter.
    private void Complete()
    {
        int[] suffix = new int[_next.Count];
        Queue<int> states = new([0]);
        while (states.TryDequeue(out int state))
        {
            for (int value = 0; value < Alphabet; value++)
            {
                int next = _next[state][value];
                int fallback = state == 0 ? 0 : _next[suffix[state]][value];
                if (next == 0)
                {
                    _next[state][value] = fallback;
                    continue;
                }

                suffix[next] = fallback;
                _match[next] = Math.Max(_match[next], _match[fallback]);
                states.Enqueue(next);
            }
        }
    }
}
