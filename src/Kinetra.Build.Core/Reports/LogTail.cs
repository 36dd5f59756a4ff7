using System.Text;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Reports;

/// <summary>The last lines of a log, which may still grow. Secrets are masked in it already.</summary>
public static class LogTail
{
    /// <summary>Reads them.</summary>
    /// <param name="file">The log.</param>
    /// <param name="mostLines">How many lines at most.</param>
    /// <param name="mostBytes">How much of it at most, in bytes.</param>
    /// <returns>Whole lines, unless one is longer than all of it; null if there is no log, or it cannot be read.</returns>
    public static string? Read(FilePath file, int mostLines, int mostBytes)
    {
        try
        {
            using SafeFileHandle handle = NativeFile.OpenRead(file.Full);
            long size = NativeFile.Status(handle).Size;
            long from = Math.Max(0, size - mostBytes);
            byte[] bytes = new byte[size - from];
            return LastLines(bytes.AsSpan(0, NativeFile.Read(handle, bytes, from)), mostLines, isCut: from > 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string LastLines(ReadOnlySpan<byte> bytes, int mostLines, bool isCut)
    {
        bytes = bytes.TrimEnd("\r\n"u8);
        int start = bytes.Length;
        for (int lines = 0; lines < mostLines && start > 0; lines++)
        {
            start = bytes[..(start - 1)].LastIndexOf((byte)'\n') + 1;
        }

        if (start == 0 && isCut && bytes.IndexOf((byte)'\n') is >= 0 and int end)
        {
            start = end + 1;
        }

        return Encoding.UTF8.GetString(bytes[start..]);
    }
}
