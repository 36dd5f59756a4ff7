using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>Turns the names of workflows and steps, which may be anything a person writes, into file names.</summary>
internal static class SafeFileName
{
    // Leaves room for ".NNN.log" and a collision number below the 255 bytes of a file name.
    private const int MaximumLength = 100;

    /// <summary>A name that is a legal, plain file name on every operating system. Different names may become equal.</summary>
    /// <param name="name">Any text.</param>
    public static string From(string name)
    {
        StringBuilder safe = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool plain = rune.Value is '-' or '.' or '_' || Rune.IsLetterOrDigit(rune);
            safe.Append(plain ? rune.ToString() : "-");
        }

        string result = Shorten(safe.ToString().Trim('.', '-'));
        if (result.Length == 0)
        {
            return "step";
        }

        return TargetFile.IsReservedName(result) ? "_" + result : result;
    }

    private static string Shorten(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > MaximumLength)
        {
            int cut = char.IsLowSurrogate(name[^1]) ? 2 : 1;
            name = name[..^cut];
        }

        return name.TrimEnd('.', '-');
    }
}
