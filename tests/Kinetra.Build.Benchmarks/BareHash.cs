using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Benchmarks;

/// <summary>Digests of many small files with the least around them: no check of what a path is, no second look at the file.</summary>
internal static unsafe partial class BareHash
{
    // struct stat of Linux has 144 bytes on x64 and 128 on arm64, with the size at 48 on both.
    private const int StatusSize = 144;
    private const int SizeOffset = 48;
    private const int CloseOnExec = 0x80000;

    /// <summary>Hashes all files through the system calls.</summary>
    /// <param name="files">Files of at most 64 KiB.</param>
    /// <param name="threads">On how many threads.</param>
    public static void All(FilePath[] files, int threads)
    {
        if (threads == 1)
        {
            Some(files, 0, 1);
            return;
        }

        Thread[] workers = [.. Enumerable.Range(0, threads).Select(first => new Thread(() => Some(files, first, threads)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
    }

    /// <summary>Hashes all files through .NET's handles.</summary>
    /// <param name="files">Files of at most 64 KiB.</param>
    public static void AllByHandle(FilePath[] files)
    {
        byte[] buffer = new byte[64 << 10];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (FilePath file in files)
        {
            using SafeFileHandle handle = File.OpenHandle(file.Full);
            int count = RandomAccess.Read(handle, buffer, 0);
            SHA256.HashData(buffer.AsSpan(0, count), digest);
        }
    }

    private static void Some(FilePath[] files, int first, int step)
    {
        byte[] buffer = new byte[64 << 10];
        byte* status = stackalloc byte[StatusSize];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        fixed (byte* bytes = buffer)
        {
            for (int i = first; i < files.Length; i += step)
            {
                int file = open(files[i].Full, CloseOnExec);
                if (file < 0 || fstat(file, status) != 0 || read(file, bytes, (nuint)buffer.Length) != *(long*)(status + SizeOffset))
                {
                    throw new IOException(files[i].Full);
                }

                _ = close(file);
                SHA256.HashData(buffer.AsSpan(0, (int)*(long*)(status + SizeOffset)), digest);
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fstat(int file, byte* status);

    [LibraryImport("libc")]
    private static partial nint read(int file, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
