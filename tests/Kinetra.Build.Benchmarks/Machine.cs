using System.Globalization;
using System.Runtime.InteropServices;

namespace Kinetra.Build.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Date, system, processor, disk, runtime and what else the machine had to do, in one line.</summary>
    /// <param name="folder">Where the files go.</param>
    public static string Describe(string folder)
    {
        string processor = ValueOf("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();
        string system = ValueOf("/etc/os-release", "PRETTY_NAME", '=') ?? RuntimeInformation.OSDescription;
        string load = File.Exists("/proc/loadavg") ? ", load " + File.ReadAllText("/proc/loadavg").Split(' ')[0] : "";
        string disk = new DriveInfo(Path.GetFullPath(folder)).DriveFormat;
        return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {system}, kernel {Environment.OSVersion.Version}, {Environment.ProcessorCount} cores of {processor}, {disk}, {RuntimeInformation.FrameworkDescription}{load}");
    }

    private static string? ValueOf(string file, string key, char separator) => !File.Exists(file) ? null : File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?
        .Split(separator, 2)[1].Trim().Trim('"');
}
