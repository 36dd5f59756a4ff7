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
        int held = LongestHeldBack(rest);
        while (Find(rest) is (int start, int end))
        {
            // What is found may lie inside or overlap another value that has not come whole yet: hold all of it until it has.
            if (rest.Length - held < end)
            {
                held = Math.Max(held, rest.Length - start);
                break;
            }

            output(rest[..start]);
            output(Mask);
            rest = rest[end..];
        }

        output(rest[..^held]);
        _held = rest[^held..].ToArray();
    }

    /// <summary>Passes on what was held back, at the stream's end.</summary>
    /// <param name="output">Gets the rest.</param>
    public void Flush(Action<ReadOnlySpan<byte>> output)
    {
        ReadOnlySpan<byte> rest = _held;
        _held = [];
        while (Find(rest) is (int start, int end))
        {
            output(rest[..start]);
            output(Mask);
            rest = rest[end..];
        }

        output(rest);
    }

    /// <summary>Masks a whole text.</summary>
    /// <param name="text">The text.</param>
    public string Apply(string text)
    {
        if (_values.Length == 0)
        {
            return text;
        }

        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        StringBuilder masked = new(text.Length);
        while (Find(rest) is (int start, int end))
        {
            masked.Append(Encoding.UTF8.GetString(rest[..start])).Append("***");
            rest = rest[end..];
        }

        return masked.Append(Encoding.UTF8.GetString(rest)).ToString();
    }

    // The first value in the bytes, together with all that overlap it.
    private (int Start, int End)? Find(ReadOnlySpan<byte> bytes)
    {
        int start = -1;
        int end = 0;
        foreach (byte[] value in _values)
        {
            int found = bytes.IndexOf(value);
            if (found >= 0 && (start < 0 || found < start))
            {
                (start, end) = (found, found + value.Length);
            }
        }

        return start < 0 ? null : (start, EndOfOverlap(bytes, start, end));
    }

    private int EndOfOverlap(ReadOnlySpan<byte> bytes, int start, int end)
    {
        for (int before = -1; before != end;)
        {
            before = end;
            foreach (byte[] value in _values)
            {
                // The last place where the value can begin and still overlap is just before the end.
                int last = bytes[start..Math.Min(bytes.Length, end - 1 + value.Length)].LastIndexOf(value);
                end = last < 0 ? end : Math.Max(end, start + last + value.Length);
            }
        }

        return end;
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
