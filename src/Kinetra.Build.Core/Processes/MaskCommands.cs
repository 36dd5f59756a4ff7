namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds <c>::add-mask::VALUE</c> (GitHub Actions, "Workflow commands") in a stream of bytes before anything of it is passed on,
/// so that the value is masked there too; also where a shell's trace prints the command. The beginning of a command at a buffer's end is held back.
/// </summary>
internal sealed class MaskCommands
{
    // A longer value is no secret, and is not waited for.
    private const int LongestValue = 64 * 1024;

    private byte[] _held = [];

    /// <summary>Takes a part of a stream.</summary>
    public delegate void Part(ReadOnlySpan<byte> bytes);

    private static ReadOnlySpan<byte> Command => "::add-mask::"u8;

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="output">Gets what can be passed on already.</param>
    /// <param name="mask">Gets a value, before what it stands in is passed on.</param>
    public void Write(ReadOnlySpan<byte> bytes, Part output, Part mask)
    {
        ReadOnlySpan<byte> rest = _held.Length == 0 ? bytes : [.. _held, .. bytes];
        _held = [];
        for (int found; (found = rest.IndexOf(Command)) >= 0;)
        {
            ReadOnlySpan<byte> value = rest[(found + Command.Length)..];
            int end = value.IndexOf((byte)'\n');
            Pass(rest[..found], output);
            if (end < 0 && value.Length <= LongestValue)
            {
                _held = rest[found..].ToArray();
                return;
            }

            value = end < 0 ? value : value[..end];
            mask(value);
            int passed = found + Command.Length + value.Length;
            Pass(rest[found..passed], output);
            rest = rest[passed..];
        }

        int begun = BegunAtEnd(rest);
        Pass(rest[..^begun], output);
        _held = rest[^begun..].ToArray();
    }

    /// <summary>Passes on what was held back, at the stream's end.</summary>
    /// <param name="output">Gets the rest.</param>
    /// <param name="mask">Gets a value that no line end follows.</param>
    public void Flush(Part output, Part mask)
    {
        if (_held.AsSpan().StartsWith(Command))
        {
            mask(_held.AsSpan(Command.Length));
        }

        Pass(_held, output);
        _held = [];
    }

    private static void Pass(ReadOnlySpan<byte> bytes, Part output)
    {
        if (!bytes.IsEmpty)
        {
            output(bytes);
        }
    }

    private static int BegunAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (int length = Math.Min(Command.Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes.EndsWith(Command[..length]))
            {
                return length;
            }
        }

        return 0;
    }
}
