using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Live;

/// <summary>The end of a file that may still grow.</summary>
internal static class OutputTail
{
    private const int BytesPerLine = 512;

    /// <summary>The last lines, without escape sequences; none if the file cannot be read.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="count">How many lines at the most.</param>
    public static IReadOnlyList<string> Lines(FilePath? file, int count)
    {
        if (file is not { } path || count < 1)
        {
            return [];
        }

        try
        {
            using FileStream stream = new(path.Full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long start = Math.Max(0, stream.Length - ((long)count * BytesPerLine));
            stream.Seek(start, SeekOrigin.Begin);
            byte[] bytes = new byte[stream.Length - start];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string[] lines = Encoding.UTF8.GetString(bytes, 0, read).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');

            // The first one may be cut; of a line that was written over the last writing counts.
            return [.. lines.Skip(start > 0 && lines.Length > 1 ? 1 : 0).TakeLast(count).Select(line => SafeText.Line(line[(line.TrimEnd('\r').LastIndexOf('\r') + 1)..]))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
