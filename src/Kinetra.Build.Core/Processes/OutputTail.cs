namespace Kinetra.Build.Core.Processes;

/// <summary>Keeps the last lines of output that say something. Of most of them only bytes are kept, and decoded when they are asked for.</summary>
internal sealed class OutputTail
{
    private const int Count = 12;
    private const int Width = 400;

    private readonly Func<byte[], bool, string> _show;
    private readonly Slot[] _slots = new Slot[Count];
    private long _added;

    /// <summary>Starts empty.</summary>
    /// <param name="show">Makes a line's text of its bytes.</param>
    public OutputTail(Func<byte[], bool, string> show) => _show = show;

    /// <summary>Where in some whole lines those begin that can be among the last ones.</summary>
    /// <param name="lines">The lines, with their ends.</param>
    public static int StartIn(ReadOnlySpan<byte> lines)
    {
        int start = lines.Length;
        for (int found = 0; start > 0 && found < Count;)
        {
            int before = lines[..(start - 1)].LastIndexOf((byte)'\n') + 1;
            found += SurelySays(lines[before..(start - 1)]) ? 1 : 0;
            start = before;
        }

        return start;
    }

    /// <summary>Adds a line.</summary>
    /// <param name="bytes">Its bytes; they are copied.</param>
    /// <param name="isCut">Whether it was longer.</param>
    /// <param name="shown">Its text, if somebody has asked for that before.</param>
    public void Add(ReadOnlySpan<byte> bytes, bool isCut, string? shown)
    {
        // What is only colours is seen to be empty when it is decoded. Any other line has a character that is no control.
        shown ??= bytes.IsEmpty ? "" : bytes.Contains((byte)0x1b) || !bytes.ContainsAnyInRange((byte)' ', (byte)'~') ? _show(bytes.ToArray(), isCut) : null;
        if (shown is { Length: 0 })
        {
            return;
        }

        ref Slot slot = ref _slots[_added++ % Count];
        slot.Shown = shown is null ? null : Cut(shown);
        slot.IsCut = isCut;
        slot.Length = shown is null ? bytes.Length : 0;
        if (shown is null)
        {
            if (slot.Bytes is null || slot.Bytes.Length < bytes.Length)
            {
                slot.Bytes = new byte[Math.Max(bytes.Length, 256)];
            }

            bytes.CopyTo(slot.Bytes);
        }
    }

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<string> Lines()
    {
        List<string> lines = [];
        for (long i = Math.Max(0, _added - Count); i < _added; i++)
        {
            Slot slot = _slots[i % Count];
            lines.Add(slot.Shown ?? Cut(_show(slot.Bytes![..slot.Length], slot.IsCut)));
        }

        return lines;
    }

    // What has colours, or what a carriage return overwrites, may turn out to be empty.
    private static bool SurelySays(ReadOnlySpan<byte> line) => line.ContainsAnyInRange((byte)' ', (byte)'~') && !line.ContainsAny((byte)0x1b, (byte)'\r');

    private static string Cut(string line) =>
        line.Length <= Width ? line : line[..(char.IsHighSurrogate(line[Width - 1]) ? Width - 1 : Width)] + " …";

    private struct Slot
    {
        public string? Shown;
        public byte[]? Bytes;
        public int Length;
        public bool IsCut;
    }
}
