using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// The log file of an attempt, made with the first byte that is written to it: most commands of a large graph print nothing, and ten
/// thousand empty files help nobody.
/// </summary>
/// <param name="path">The file; a new one.</param>
internal sealed class AttemptLog(string path) : Stream
{
    private FileStream? _file;

    /// <summary>Whether there is a file.</summary>
    public bool Exists => _file is not null;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => _file?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > 0)
        {
            (_file ??= new FileStream(Create(path), FileAccess.Write, bufferSize: 0)).Write(buffer);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    // The directory is there for all but the first log of a run.
    private static SafeFileHandle Create(string path)
    {
        try
        {
            return NativeFile.CreateNew(path, UnixMode.Private);
        }
        catch (IOException error) when (error is DirectoryNotFoundException or FileNotFoundException or NativeFileException { Number: Errno.NotFound })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return NativeFile.CreateNew(path, UnixMode.Private);
        }
    }
}
