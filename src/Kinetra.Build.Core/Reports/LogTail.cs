using System.Text;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Reports;

/// <summary>The last lines of a step's log, in which secrets are masked already.</summary>
internal static class LogTail
{
    /// <summary>How much of it at most, in bytes.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>How many lines at most.</summary>
    public const int MostLines = 100;

    /// <summary>Reads them.</summary>
    /// <param name="file">The log.</param>
    /// <returns>Whole lines, unless one is longer than all of it; null if there is no log, or it cannot be read.</returns>
    public static string? Read(FilePath file)
    {
        try
        {
            using SafeFileHandle handle = NativeFile.OpenRead(file.Full);
            long size = NativeFile.Status(handle).Size;
            long from = Math.Max(0, size - MostBytes);
            byte[] bytes = new byte[size - from];
            return LastLines(bytes.AsSpan(0, NativeFile.Read(handle, bytes, from)), isCut: from > 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string LastLines(ReadOnlySpan<byte> bytes, bool isCut)
    {
        bytes = bytes.TrimEnd("\r\n"u8);
        int start = bytes.Length;
        for (int lines = 0; lines < MostLines && start > 0; lines++)
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
