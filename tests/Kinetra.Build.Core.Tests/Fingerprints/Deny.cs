using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

/// <summary>Takes rights away; skips the test where that has no effect.</summary>
internal static class Deny
{
    public static void Everything(string path)
    {
        Platform.RequireUnix();
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser may read everything.");
        Set(path, UnixFileMode.None);
    }

    public static void Nothing(string path) => Set(path, UnixMode.PrivateDirectory);

    private static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
