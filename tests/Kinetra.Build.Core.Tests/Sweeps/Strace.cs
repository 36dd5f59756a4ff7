using System.Diagnostics;
using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Runs the victim under strace, which logs its system calls, and kills it at one of them or makes one of them fail.</summary>
internal static class Strace
{
    /// <summary>Every call that may touch a file or a directory; strace ignores (<c>?</c>) what the processor does not have.</summary>
    private static readonly string FileCalls = string.Join(
        ',',
        """
        ?open openat ?creat read pread64 ?readv ?preadv write pwrite64 writev pwritev ?pwritev2 fsync fdatasync sync_file_range
        ?rename ?renameat renameat2 ?link linkat ?unlink unlinkat ?mkdir mkdirat ?rmdir ?symlink symlinkat
        ftruncate truncate fallocate copy_file_range sendfile ioctl fchmod ?chmod fchmodat fchown ?chown fchownat
        flock close fstat ?stat ?lstat newfstatat statx ?access faccessat ?faccessat2 ?readlink readlinkat getdents64
        lseek fadvise64 fcntl utimensat fsetxattr setxattr fgetxattr getxattr flistxattr fremovexattr
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly Lazy<string?> Unusable = new(Probe);

    /// <summary>Skips a test where strace is missing or may not trace.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is for Linux.");
        Assert.SkipWhen(Unusable.Value is not null, Unusable.Value ?? "");
    }

    /// <summary>Logs the file calls of a run.</summary>
    /// <param name="operation">The victim's verb.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="injection">What to do to which call, as <c>-e inject=</c> has it, such as <c>fsync:error=EIO:when=2</c>; its call alone is logged then.</param>
    /// <param name="alsoLog">Log all file calls with an injection too, which takes longer.</param>
    public static TracedRun Run(string operation, string folder, string? injection = null, bool alsoLog = false)
    {
        using TempFolder logs = new();
        string log = logs["strace.log"];
        string calls = injection is null || alsoLog ? FileCalls : injection.Split(':')[0];
        string[] inject = injection is null ? [] : ["-e", "inject=" + injection];

        // Faster, but strace 6.1 then injects errors only, and no signals.
        string[] filter = injection?.Contains("signal=", StringComparison.Ordinal) == true ? [] : ["--seccomp-bpf"];
        ProcessResult result = Execute("strace", ["-f", "-y", "-qq", .. filter, "-s", "512", "-o", log, "-e", "trace=" + calls, .. inject, Victim.Program, operation, folder]);
        return new TracedRun(result.ExitCode, result.Output, SystemCall.Parse(File.ReadLines(log, Encoding.UTF8)));
    }

    /// <summary>Runs a program in <c>/</c>, as every path is given whole, and takes its output.</summary>
    public static ProcessResult Execute(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        Victim.Prepare(start.Environment);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();

        // A call that fails may leave a program waiting for ever, which is a finding too.
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} did not end within {Limit}");
        }

        return new ProcessResult(process.ExitCode, output.Result + errors.Result);
    }

    private static string? Probe()
    {
        try
        {
            ProcessResult result = Execute("strace", ["-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync", "-o", "/dev/null", "true"]);
            return result.ExitCode == 0 ? null : $"strace may not trace here: {result.Output.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed (apt-get install strace).";
        }
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the number of a signal.</param>
/// <param name="Output">Its output and errors.</param>
internal sealed record ProcessResult(int ExitCode, string Output);

/// <summary>How the victim ended, and which calls were logged.</summary>
/// <param name="ExitCode">Its exit code; 137 if it was killed.</param>
/// <param name="Output">Its output and errors.</param>
/// <param name="Calls">The calls, in the order in which they returned.</param>
internal sealed record TracedRun(int ExitCode, string Output, IReadOnlyList<SystemCall> Calls)
{
    /// <summary>The calls that touch a folder.</summary>
    /// <param name="root">The folder.</param>
    public IReadOnlyList<SystemCall> In(string root) => [.. Calls.Where(call => call.Touches(root))];
}
