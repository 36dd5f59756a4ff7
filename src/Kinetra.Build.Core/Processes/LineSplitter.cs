using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Cuts a stream of bytes into lines of text that are safe to show: UTF-8 with anything else replaced, no control
/// characters, no ANSI colours, what a carriage return overwrote left out. A line longer than <see cref="MaximumLength"/>
/// bytes is cut there and the rest of it dropped, so that memory stays bounded whatever comes.
/// </summary>
public sealed class LineSplitter
{
    /// <summary>The longest line that is shown, in bytes.</summary>
    public const int MaximumLength = 16 * 1024;

    private readonly RawLine _line;
    private byte[] _buffer = [];
    private int _length;
    private bool _cut;
    private bool _overwrites;

    /// <summary>Starts with an empty line.</summary>
    /// <param name="line">Gets each line, without its end.</param>
    public LineSplitter(Action<string> line)
        : this((bytes, isCut) => line(Text(bytes, isCut, out _)))
    {
    }

    /// <summary>Starts with an empty line; lines are not decoded, as most of them nobody wants to see.</summary>
    /// <param name="line">Gets the bytes of each line, without its end.</param>
    internal LineSplitter(RawLine line) => _line = line;

    /// <summary>Takes a line that is not decoded yet.</summary>
    /// <param name="bytes">The line, without its end and what a carriage return overwrote.</param>
    /// <param name="isCut">Whether it was longer.</param>
    internal delegate void RawLine(ReadOnlySpan<byte> bytes, bool isCut);

    /// <summary>A line as it is shown.</summary>
    /// <param name="bytes">The line.</param>
    /// <param name="isCut">Whether it was longer.</param>
    /// <param name="isCleaned">Whether anything was taken out, so that what stood apart may have come together.</param>
    internal static string Text(ReadOnlySpan<byte> bytes, bool isCut, out bool isCleaned)
    {
        string decoded = Encoding.UTF8.GetString(bytes);
        string text = Clean(decoded);
        isCleaned = !ReferenceEquals(text, decoded);
        return isCut ? text + " … (cut)" : text;
    }

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end >= 0 && end < MaximumLength && _length == 0 && !_overwrites && !bytes[..end].Contains((byte)'\r'))
            {
                // The usual line, which need not be copied.
                _line(bytes[..end], false);
                bytes = bytes[(end + 1)..];
                continue;
            }

            Keep(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            Emit();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Passes on a last line without an end.</summary>
    public void Flush()
    {
        if (_length > 0 || _overwrites)
        {
            Emit();
        }
    }

    // A progress bar rewrites its line after each carriage return: what came before it is not kept. One at the line's end, as
    // Windows programs write it, overwrites nothing.
    private void Keep(ReadOnlySpan<byte> part)
    {
        ReadOnlySpan<byte> text = part.TrimEnd((byte)'\r');
        if (!text.IsEmpty)
        {
            int carriage = text.LastIndexOf((byte)'\r');
            if (_overwrites || carriage >= 0)
            {
                (_length, _cut, _overwrites) = (0, false, false);
            }

            Append(text[(carriage + 1)..]);
        }

        _overwrites |= text.Length < part.Length;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (_buffer.Length == 0)
        {
            // Most programs that say nothing, or whole lines, do without.
            _buffer = new byte[MaximumLength];
        }

        int room = Math.Min(text.Length, MaximumLength - _length);
        text[..room].CopyTo(_buffer.AsSpan(_length));
        _length += room;
        _cut |= room < text.Length;
    }

    private void Emit()
    {
        _line(_buffer.AsSpan(0, _length), _cut);
        (_length, _cut, _overwrites) = (0, false, false);
    }

    private static string Clean(string text)
    {
        ReadOnlySpan<char> shown = text;
        if (shown.IndexOfAnyInRange('\0', '\x1f') < 0 && shown.IndexOfAnyInRange('\x7f', '\x9f') < 0)
        {
            return text;
        }

        StringBuilder clean = new(shown.Length);
        for (int i = 0; i < shown.Length; i++)
        {
            if (shown[i] == '\x1b')
            {
                i = SkipEscape(shown, i);
            }
            else if (shown[i] == '\t' || !char.IsControl(shown[i]))
            {
                clean.Append(shown[i]);
            }
        }

        return clean.ToString();
    }

    // CSI sequences (ESC [ parameters letter) are skipped to their end, of others the ESC and one character (ECMA-48, 5.4).
    private static int SkipEscape(ReadOnlySpan<char> text, int escape)
    {
        int i = escape + 1;
        if (i >= text.Length || text[i] != '[')
        {
            return Math.Min(i, text.Length - 1);
        }

        do
        {
            i++;
        }
        while (i < text.Length && text[i] is >= '\x20' and <= '\x3f');

        return i;
    }
}
