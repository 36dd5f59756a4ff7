using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Replaces secret values by <c>***</c> in a stream of bytes, also where a value is cut by a buffer's end: bytes that may
/// be the beginning of a value are held back until the next ones decide. Not safe for several threads at a time.
/// </summary>
public sealed class SecretMasker
{
    /// <summary>Shorter values are not masked: they would be found everywhere and hide nothing.</summary>
    public const int MinimumLength = 4;

    private static readonly byte[] Mask = "***"u8.ToArray();
    private static readonly string[] Harmless = ["true", "false"];

    private readonly byte[][] _values;
    private byte[] _held = [];

    /// <summary>Prepares to mask some values.</summary>
    /// <param name="values">
    /// The values. Of one with line breaks each line counts too, as programs print them one by one. Shorter than
    /// <see cref="MinimumLength"/> characters, <c>true</c> and <c>false</c> are left out.
    /// </param>
    public SecretMasker(IEnumerable<string> values) =>
        _values =
        [
            .. values
                .SelectMany(value => value.Split('\n', StringSplitOptions.TrimEntries).Append(value))
                .Where(value => value.Length >= MinimumLength && !Harmless.Contains(value, StringComparer.OrdinalIgnoreCase))
                .Distinct()
                .OrderByDescending(value => value.Length)
                .Select(Encoding.UTF8.GetBytes),
        ];

    /// <summary>Masks the next bytes of a stream.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="output">Gets what can be passed on already.</param>
    public void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> output)
    {
        if (_values.Length == 0)
        {
            output(bytes);
            return;
        }

        ReadOnlySpan<byte> rest = _held.Length == 0 ? bytes : (byte[])[.. _held, .. bytes];
        while (Find(rest) is (int start, int length))
        {
            // What is found may lie inside a longer value that has not come whole yet: wait for the rest of it.
            if (rest.Length - LongestHeldBack(rest) <= start)
            {
                break;
            }

            output(rest[..start]);
            output(Mask);
            rest = rest[(start + length)..];
        }

        int held = LongestHeldBack(rest);
        output(rest[..^held]);
        _held = rest[^held..].ToArray();
    }

    /// <summary>Passes on what was held back, at the stream's end.</summary>
    /// <param name="output">Gets the rest.</param>
    public void Flush(Action<ReadOnlySpan<byte>> output)
    {
        ReadOnlySpan<byte> rest = _held;
        _held = [];
        while (Find(rest) is (int start, int length))
        {
            output(rest[..start]);
            output(Mask);
            rest = rest[(start + length)..];
        }

        output(rest);
    }

    /// <summary>Masks a whole text.</summary>
    /// <param name="text">The text.</param>
    public string Apply(string text)
    {
        foreach (byte[] value in _values)
        {
            text = text.Replace(Encoding.UTF8.GetString(value), "***", StringComparison.Ordinal);
        }

        return text;
    }

    // The first value in the bytes, the longest where several begin at one place.
    private (int Start, int Length)? Find(ReadOnlySpan<byte> bytes)
    {
        (int Start, int Length)? first = null;
        foreach (byte[] value in _values)
        {
            int start = bytes.IndexOf(value);
            if (start >= 0 && (first is null || start < first.Value.Start))
            {
                first = (start, value.Length);
            }
        }

        return first;
    }

    // How many bytes from the end may be the beginning of a value.
    private int LongestHeldBack(ReadOnlySpan<byte> bytes)
    {
        int longest = 0;
        foreach (byte[] value in _values)
        {
            for (int length = Math.Min(value.Length - 1, bytes.Length); length > longest; length--)
            {
                if (bytes.EndsWith(value.AsSpan(0, length)))
                {
                    longest = length;
                    break;
                }
            }
        }

        return longest;
    }
}
