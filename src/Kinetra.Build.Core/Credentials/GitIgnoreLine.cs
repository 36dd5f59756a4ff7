using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Credentials;

/// <summary>A line of a <c>.gitignore</c> that stands for one file and nothing else.</summary>
/// <param name="GitIgnore">The <c>.gitignore</c>.</param>
/// <param name="Text">The line.</param>
internal sealed record GitIgnoreLine(FilePath GitIgnore, string Text)
{
    /// <summary>The line for a file.</summary>
    /// <param name="gitIgnore">The <c>.gitignore</c>.</param>
    /// <param name="relative">The file, relative to the directory of the <c>.gitignore</c>.</param>
    public static GitIgnoreLine For(FilePath gitIgnore, string relative)
    {
        // The slash in front ties the line to this place, and keeps a # or ! that follows from being a comment or a negation.
        StringBuilder line = new("/");
        foreach (char c in OperatingSystem.IsWindows() ? relative.Replace('\\', '/') : relative)
        {
            // A line cannot hold a line feed, and loses a carriage return at its end; any one character stands for them.
            _ = c switch
            {
                '\n' or '\r' => line.Append('?'),
                '\\' or '*' or '?' or '[' => line.Append('\\').Append(c),
                _ => line.Append(c),
            };
        }

        // Git drops blanks at the end, unless each is escaped.
        string text = line.ToString();
        string trimmed = text.TrimEnd(' ');
        return new GitIgnoreLine(gitIgnore, trimmed + string.Concat(Enumerable.Repeat("\\ ", text.Length - trimmed.Length)));
    }

    /// <summary>Whether the <c>.gitignore</c> has the line; one that cannot be read has none, to git either.</summary>
    public bool IsPresent()
    {
        try
        {
            return IsIn(Read());
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.FileUnreadable or DiagnosticCodes.UnusablePath)
        {
            return false;
        }
    }

    /// <summary>
    /// Adds the line, unless it is there. What the file holds stays as it is, byte for byte; a last line without an end
    /// gets one, and the line ends as the last one before it does. To be called under a lock.
    /// </summary>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>, <see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public bool Add()
    {
        byte[] content = Read();
        if (IsIn(content))
        {
            return false;
        }

        int last = content.AsSpan().LastIndexOf((byte)'\n');
        string end = last > 0 && content[last - 1] == '\r' ? "\r\n" : "\n";
        string missing = last == content.Length - 1 ? "" : end;
        AtomicFile.Write(GitIgnore, [.. content, .. Encoding.UTF8.GetBytes(missing + Text + end)]);
        return true;
    }

    private bool IsIn(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(Text);
        foreach (Range range in content.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = content[range];
            if ((line is [.., (byte)'\r'] ? line[..^1] : line).SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }

    private byte[] Read()
    {
        TargetFile.RefuseUnlessRegular(GitIgnore);
        try
        {
            return File.ReadAllBytes(GitIgnore.Full);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{GitIgnore} cannot be read: {Errno.Describe(error)}.", error);
        }
    }
}
