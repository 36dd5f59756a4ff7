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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);
}
