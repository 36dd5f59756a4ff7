using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Carries a file's extended attributes over to the version that replaces it: what users set (<c>user.*</c>), access
/// lists and security labels. Left out is what belongs to the old content: capabilities and integrity signatures. An access
/// list that the new version has from its directory alone is taken away, and one that is kept never allows more than the mode.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class ExtendedAttributes
{
    private static readonly string[] OfTheContent = ["security.capability", "security.ima", "security.evm", "com.apple.quarantine"];

    /// <summary>Copies the attributes, where that is permitted and the file system has them.</summary>
    /// <param name="from">The file to be replaced; no link.</param>
    /// <param name="to">The new version.</param>
    /// <param name="mode">The mode that it is to have, and that bounds an access list from the beginning: the content is there already.</param>
    public static void Copy(string from, SafeFileHandle to, UnixFileMode mode)
    {
        string[] names = List(from);
        if (OperatingSystem.IsLinux() && !names.Contains(AccessList.Name))
        {
            Remove(to, AccessList.Name);
        }

        foreach (string name in names)
        {
            if (!OfTheContent.Contains(name) && Get(from, name) is { } value)
            {
                if (name == AccessList.Name)
                {
                    AccessList.Bound(value, mode);
                }

                Set(to, name, value);
            }
        }
    }

    private static unsafe string[] List(string file)
    {
        Span<byte> names = stackalloc byte[1024];
        while (true)
        {
            fixed (byte* at = names)
            {
                nint length = OperatingSystem.IsMacOS() ? listxattr(file, at, names.Length, 0) : listxattr(file, at, names.Length);
                if (length >= 0)
                {
                    return length == 0 ? [] : Encoding.UTF8.GetString(names[..(int)length]).Split('\0', StringSplitOptions.RemoveEmptyEntries);
                }
            }

            if (Marshal.GetLastPInvokeError() == Errno.OutOfRange && names.Length < 65536)
            {
                names = new byte[65536];
                continue;
            }

            // Or the old version was removed meanwhile.
            int error = Marshal.GetLastPInvokeError();
            return Errno.MeansUnsupported(error) || error == Errno.NotFound ? [] : throw Errno.LastError("listxattr");
        }
    }

    private static unsafe byte[]? Get(string file, string name)
    {
        byte[] value = new byte[65536];
        nint length;
        fixed (byte* at = value)
        {
            length = OperatingSystem.IsMacOS() ? getxattr(file, name, at, value.Length, 0, 0) : getxattr(file, name, at, value.Length);
        }

        if (length >= 0)
        {
            return value[..(int)length];
        }

        // Gone since it was listed, itself or its file, or not ours to read.
        int error = Marshal.GetLastPInvokeError();
        return Errno.MeansUnsupported(error) || error is Errno.NotPermitted or Errno.AccessDenied or Errno.NotFound || error == Errno.NoAttribute ? null : throw Errno.LastError("getxattr");
    }

    private static unsafe void Set(SafeFileHandle file, string name, byte[] value)
    {
        int result;
        fixed (byte* at = value)
        {
            result = OperatingSystem.IsMacOS() ? fsetxattr(file, name, at, value.Length, 0, 0) : fsetxattr(file, name, at, value.Length, 0);
        }

        // As with the owner: kept where that is permitted. A full disk is another matter.
        int error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error != 0 && error is not (Errno.NotPermitted or Errno.AccessDenied) && !Errno.MeansUnsupported(error))
        {
            throw Errno.LastError("setxattr");
        }
    }

    private static void Remove(SafeFileHandle file, string name)
    {
        if (fremovexattr(file, name) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Errno.NoAttribute && !Errno.MeansUnsupported(error))
            {
                throw Errno.LastError("removexattr");
            }
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fremovexattr(SafeFileHandle file, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint listxattr(string file, byte* names, nint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint listxattr(string file, byte* names, nint size, int options);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint getxattr(string file, string name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint getxattr(string file, string name, byte* value, nint size, uint position, int options);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int fsetxattr(SafeFileHandle file, string name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int fsetxattr(SafeFileHandle file, string name, byte* value, nint size, uint position, int options);
}
