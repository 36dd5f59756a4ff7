using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Torture;

/// <summary>What <see cref="NaiveWriter"/> does wrong.</summary>
public enum Flaw
{
    /// <summary>Nothing: the control, which every check must let pass.</summary>
    None,

    /// <summary>The new content is not flushed before the rename.</summary>
    NoFileFlush,

    /// <summary>The directory is not flushed after the rename.</summary>
    NoDirectoryFlush,

    /// <summary>The file is overwritten in its place.</summary>
    WriteAllText,

    /// <summary>The temporary file always has the same name.</summary>
    FixedName,

    /// <summary>The temporary file may exist already, and be a link that somebody planted.</summary>
    NotExclusive,

    /// <summary>The checksum is not announced before the rename.</summary>
    ChecksumAfterwards,

    /// <summary>A flush that failed is tried again.</summary>
    FlushRetried,

    /// <summary>The content is flushed with <c>FileStream.Flush(true)</c>.</summary>
    FlushByRuntime,
}

/// <summary>
/// A second implementation of an atomic write with a checksum, which can do each of the usual mistakes: the proof that the
/// checks that the real one passes would see them.
/// </summary>
public static partial class NaiveWriter
{
    private const int CreateNew = 0xC2; // O_RDWR | O_CREAT | O_EXCL
    private const int CreateAny = 0x42; // O_RDWR | O_CREAT
    private const int NoFollow = 0x20000;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    /// <summary>An operation for each flaw: <c>naive-none</c>, <c>naive-no-file-flush</c> and so on.</summary>
    public static IReadOnlyList<Operation> Operations { get; } = [.. Enum.GetValues<Flaw>().Select(Of)];

    /// <summary>The operation with a flaw.</summary>
    /// <param name="flaw">The flaw.</param>
    public static Operation With(Flaw flaw) => Operations[(int)flaw];

    private static Operation Of(Flaw flaw)
    {
        Operation real = Operation.All.Single(operation => operation.Verb == "write-protected");
        return real with { Verb = $"naive-{flaw}", Run = project => Write(project, real.New, flaw), KeepsOld = false };
    }

    private static void Write(Scene project, string content, Flaw flaw)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        string record = project.Path($"{Scene.StateName}/{Scene.TargetName}.checksum").Full;
        if (flaw != Flaw.ChecksumAfterwards)
        {
            Replace(record + ".pending", $"{sha256}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite, Flaw.None);
        }

        if (flaw == Flaw.WriteAllText)
        {
            File.WriteAllText(project.Target.Full, content);
        }
        else
        {
            Replace(project.Target.Full, content, Scene.TargetMode, flaw);
        }

        try
        {
            if (flaw == Flaw.ChecksumAfterwards)
            {
                Replace(record, $"{sha256}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite, Flaw.None);
            }
            else
            {
                Check(rename(record + ".pending", record), "rename");
            }
        }
        catch (Exception error) when (error is KinetraException or IOException)
        {
            throw new KinetraException(DiagnosticCodes.DurabilityUnknown, $"{project.Target} was replaced, but {error.Message}", error);
        }
    }

    private static void Replace(string path, string content, UnixFileMode mode, Flaw flaw)
    {
        string directory = Path.GetDirectoryName(path)!;
        bool guessable = flaw is Flaw.FixedName or Flaw.NotExclusive;
        string temporary = Path.Combine(directory, $".kinetra-{(guessable ? new string('0', 32) : Guid.NewGuid().ToString("N"))}.tmp");
        if (flaw == Flaw.FixedName)
        {
            File.Delete(temporary);
        }

        try
        {
            using (SafeFileHandle handle = Handle(open(temporary, (flaw == Flaw.NotExclusive ? CreateAny : CreateNew | NoFollow) | CloseOnExec, 0x180), "open"))
            {
                RandomAccess.Write(handle, Encoding.UTF8.GetBytes(content), 0);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(handle, mode);
                }

                Flush(handle, flaw);
            }

            Check(rename(temporary, path), "rename");
        }
        catch (IOException error)
        {
            File.Delete(temporary);
            throw new KinetraException(DiagnosticCodes.WriteFailed, $"{path} is unchanged: {error.Message}", error);
        }

        if (flaw != Flaw.NoDirectoryFlush)
        {
            try
            {
                using SafeFileHandle handle = Handle(open(directory, CloseOnExec, 0), "open");
                Flush(handle, Flaw.None);
            }
            catch (IOException error)
            {
                throw new KinetraException(DiagnosticCodes.DurabilityUnknown, $"{path} was replaced: {error.Message}", error);
            }
        }
    }

    private static void Flush(SafeFileHandle handle, Flaw flaw)
    {
        switch (flaw)
        {
            case Flaw.NoFileFlush:
                return;
            case Flaw.FlushByRuntime:
                RandomAccess.FlushToDisk(handle);
                return;
        }

        while (fsync(handle) != 0)
        {
            if (flaw != Flaw.FlushRetried && Marshal.GetLastPInvokeError() != Interrupted)
            {
                Check(-1, "fsync");
            }
        }
    }

    private static SafeFileHandle Handle(int descriptor, string call)
    {
        Check(descriptor, call);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // Variadic in C, which makes no difference on the systems that have strace.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);
}
