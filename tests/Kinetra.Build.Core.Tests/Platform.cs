using System.Runtime.InteropServices;
using Xunit;

namespace Kinetra.Build.Core.Tests;

/// <summary>Skips what an operating system does not have, with the reason.</summary>
internal static partial class Platform
{
    public static void RequireUnix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "POSIX modes, links, signals and shells.");

    public static void RequireLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");

    /// <summary>Makes a named pipe.</summary>
    public static void MakeFifo(string path) => Assert.Equal(0, mkfifo(path, 0x180));

    /// <summary>Makes a hard link.</summary>
    public static void MakeHardLink(string existing, string path) => Assert.Equal(0, link(existing, path));

    /// <summary>Gives a file away.</summary>
    public static void ChangeOwner(string path, uint user) => Assert.Equal(0, chown(path, user, user));

    /// <summary>Sets an extended attribute of Linux, or skips the test where the file system or the user cannot.</summary>
    public static void SetAttribute(string path, string name, byte[] value)
    {
        RequireLinux();
        Assert.SkipUnless(setxattr(path, name, value, value.Length, 0) == 0, $"{name} cannot be set here: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>An extended attribute of Linux; null if there is none.</summary>
    public static byte[]? Attribute(string path, string name)
    {
        byte[] value = new byte[65536];
        nint length = getxattr(path, name, value, value.Length);
        return length < 0 ? null : value[..(int)length];
    }

    /// <summary>Makes a small file system of its own in a directory, or skips the test where the user may not.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>Takes it away when disposed.</returns>
    public static IDisposable SmallDisk(string directory, int bytes)
    {
        RequireLinux();
        Assert.SkipUnless(mount("none", directory, "tmpfs", 0, $"size={bytes}") == 0, $"A file system cannot be mounted here: {Marshal.GetLastPInvokeErrorMessage()}.");
        return new Mounted(directory);
    }

    private sealed class Mounted(string directory) : IDisposable
    {
        public void Dispose() => Assert.Equal(0, umount2(directory, 2));
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setxattr(string path, string name, byte[] value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getxattr(string path, string name, [Out] byte[] value, nint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);
}
