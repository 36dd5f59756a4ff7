using Kinetra.Build.Testing;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// Disks and directories that really cannot take what is written. Mounts are made in a mount namespace that ends with the
/// victim, so that nothing is left of them; that takes root, or a system that gives it inside a user namespace.
/// </summary>
[Collection(SweepCollection.Name)]
public sealed class FullDiskTests
{
    private const int CannotSetUp = 77;

    // $1 is where the victim works, $2 what it begins with.
    private const string Tmpfs = """mount -t tmpfs -o size=2m,nr_inodes=256 none "$1" && cp -a "$2/." "$1" """;

    [Theory]
    [InlineData("write", 0)]
    [InlineData("write", 100)]
    [InlineData("write-protected", 0)]
    [InlineData("write-protected", 100)]
    [InlineData("write-protected", 400)]
    [InlineData("write-protected-first", 400)]
    [InlineData("backup", 0)]
    [InlineData("backup", 100)]
    [InlineData("restore", 100)]
    [InlineData("restore", 400)]
    [InlineData("rotate", 100)]
    public void A_full_disk_leaves_the_old_file(string verb, int roomInKilobytes) =>
        Fails(verb, "ENOSPC", $"""{Tmpfs} && (dd if=/dev/zero of="$1/filler" bs=4096; truncate -s -{roomInKilobytes}K "$1/filler") 2>/dev/null""", """rm "$1/filler" """);

    [Theory]
    [InlineData("write", 0)]
    [InlineData("write-protected", 0)]
    [InlineData("write-protected", 1)]
    [InlineData("write-protected-first", 1)]
    [InlineData("write-protected-first", 4)]
    [InlineData("backup", 0)]
    [InlineData("backup", 5)]
    [InlineData("restore", 1)]
    [InlineData("rotate", 0)]
    public void A_disk_without_a_free_inode_leaves_the_old_file(string verb, int free) =>
        Fails(verb, "ENOSPC", $"""{Tmpfs} && i=0 && while touch "$1/filler$i" 2>/dev/null; do i=$((i+1)); done; j=0; while [ $j -lt {free} ]; do rm "$1/filler$j"; j=$((j+1)); done""", """rm -f "$1"/filler*""");

    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void A_read_only_file_system_leaves_the_old_file(string verb) =>
        Fails(verb, "EROFS", """cp -a "$2/." "$1" && mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" """);

    [Theory]
    [InlineData("write", Scene.TargetName)]
    [InlineData("write", "config")]
    [InlineData("write-protected", Scene.TargetName)]
    [InlineData("write-protected", Scene.StateName + "/config")]
    [InlineData("write-protected", Scene.BackupsName + "/config")]
    [InlineData("restore", "config")]
    [InlineData("rotate", Scene.BackupsName + "/config")]
    public void What_is_immutable_stays(string verb, string what) =>
        Fails(verb, "EPERM", $"""cp -a "$2/." "$1" && chattr +i "$1/{what}" """, $"""chattr -i "$1/{what}" """);

    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void A_user_without_the_right_gets_an_error_with_its_name(string verb)
    {
        Platform.RequireLinux();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to become somebody without rights.");

        // The file can be read, its directory cannot be written, and the stores are somebody else's.
        Fails(verb, "EACCES", """cp -a "$2/." "$1" && chmod a+rx "$1" "$1/config" && chown 0:65534 "$1/config/service.env" """, victim: "setpriv --reuid=65534 --regid=65534 --clear-groups ");
    }

    [Theory]
    [InlineData("write")]
    [InlineData("write-protected")]
    [InlineData("restore")]
    public async Task A_directory_that_vanishes_during_a_write_is_an_error(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace workspace = Workspace.For(operation);

        // The first flush waits for two seconds, while the temporary file is there.
        string directory = Path.Combine(workspace.Root, "config");
        Task<TracedRun> run = Task.Run(() => Strace.Run(verb, workspace.Root, "fsync:delay_enter=2000000:when=1"));
        while (!Directory.EnumerateFiles(directory, "*.tmp").Any())
        {
            Assert.False(run.IsCompleted, "No temporary file was made.");
            await Task.Delay(5);
        }

        await Task.Delay(100);
        Directory.Delete(directory, recursive: true);
        TracedRun result = await run;
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("KIN", result.Output);
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(workspace.Files(), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static void Fails(string verb, string error, string setUp, string cleanUp = ":", string victim = "")
    {
        Platform.RequireLinux();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        using Workspace left = Workspace.Empty();
        using TempFolder folder = new();
        string place = Directory.CreateDirectory(folder["project"]).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Root, (UnixFileMode)0b111_101_101);
        }

        // $3 is where the result goes, $4 the victim, $5 its verb.
        string script = $"""
            set -u
            {setUp} || exit {CannotSetUp}
            {victim}"$4" "$5" "$1"
            code=$?
            {cleanUp}
            cp -a "$1/." "$3"
            exit $code
            """;
        string[] map = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        ProcessResult run = Strace.Execute("unshare", [.. map, "--mount", "sh", "-c", script, "sh", place, template.Root, left.Root, Victim.Program, verb]);
        Assert.SkipWhen(run.ExitCode == CannotSetUp || run.Output.StartsWith("unshare:", StringComparison.Ordinal), $"Cannot be set up here: {run.Output.Trim()}");

        Assert.True(run.ExitCode == 1, $"exit code {run.ExitCode}: {run.Output}");
        Assert.Contains(error, run.Output);
        IReadOnlyList<string> problems = Aftermath.OfRun(operation, left, run);
        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\n" + run.Output);
    }
}
