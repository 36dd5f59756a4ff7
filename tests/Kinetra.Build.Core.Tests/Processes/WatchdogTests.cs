using System.Diagnostics;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Tests.Sweeps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

/// <summary>What the watchdog does when the build is killed, and that it is no burden when it is not.</summary>
public sealed class WatchdogTests : IDisposable
{
    // A child, a grandchild that moved to a session of its own and lost its parent, and one that takes no hint.
    private const string Family = "sleep 300 & (setsid sh -c 'echo $$ > a; sleep 300' &) ; sh -c 'trap \"\" TERM; echo $$ > b; while :; do sleep 0.05; done' & echo $$ > c; wait";

    private readonly ProcessRun _run = new();

    public WatchdogTests() => Platform.RequireLinux();

    public void Dispose() => _run.Dispose();

    public static TheoryData<string> Shells => SupervisedBuild.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public void Nothing_runs_on_when_the_build_is_killed(string shell)
    {
        using SupervisedBuild build = new("run", Family, shell);
        int[] pids = [build.PidIn("a"), build.PidIn("b"), build.PidIn("c")];
        _ = build.Watchdog;
        Assert.All(pids, pid => Assert.True(ProcessRun.IsAlive(pid)));

        build.Kill();

        build.AssertAllEnded();
        Assert.All(pids, pid => Assert.False(ProcessRun.IsAlive(pid)));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_attempt_that_was_just_being_started_is_found_by_its_mark(string shell)
    {
        using SupervisedBuild build = new("run-unknown", Family, shell);
        _ = (build.PidIn("a"), build.PidIn("b"), build.PidIn("c"), build.Watchdog);
        build.Kill();
        build.AssertAllEnded();
    }

    [Fact]
    public void Every_process_is_told_once_and_has_the_grace_period_to_finish()
    {
        // Nobody reads its output any more, and dash would say there that its sleep was terminated.
        const string Careful = "exec > /dev/null 2>&1; trap 'echo told >> told; sleep 0.7; echo x > cleaned; exit 0' TERM; echo $$ > a; while :; do sleep 0.05; done";
        using SupervisedBuild build = new("run", Careful, gracePeriod: TimeSpan.FromSeconds(20));
        _ = (build.PidIn("a"), build.Watchdog);

        long start = Stopwatch.GetTimestamp();
        build.Kill();
        build.AssertAllEnded();

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.6, 15);
        Assert.Equal("told\n", build.Folder.Read("told"));
        Assert.True(File.Exists(build.Folder["cleaned"]));
    }

    [Fact]
    public void The_watchdog_ignores_the_signals_that_are_for_the_build()
    {
        using SupervisedBuild build = new("run", "echo $$ > a; sleep 300");
        build.PidIn("a");
        foreach (string signal in (string[])["INT", "TERM", "HUP", "QUIT"])
        {
            _run.Shell($"kill -{signal} {build.Watchdog} -{build.Watchdog}");
        }

        Thread.Sleep(100);
        Assert.True(ProcessRun.IsAlive(build.Watchdog));
        build.Kill();
        build.AssertAllEnded();
    }

    [Fact]
    public void A_watchdog_that_was_killed_is_replaced_and_its_successor_knows_what_runs()
    {
        using SupervisedBuild build = new("run", Family);
        _ = (build.PidIn("a"), build.PidIn("b"), build.PidIn("c"));
        int first = build.Watchdog;
        Process.GetProcessById(first).Kill();
        Assert.True(SpinWait.SpinUntil(() => !ProcessRun.IsAlive(first), TimeSpan.FromSeconds(20)));

        build.RunAgain();

        Assert.True(SpinWait.SpinUntil(() => build.Watchdog != first, TimeSpan.FromSeconds(20)), "there is no successor");
        Assert.False(Directory.Exists($"/proc/{first}"), "the first one is left as a zombie");
        Assert.Equal(4, Environments(build));
        build.Kill();
        build.AssertAllEnded();
    }

    [Fact]
    public void What_an_attempt_left_behind_when_it_ended_is_left_alone()
    {
        using SupervisedBuild build = new("run", "sleep 300 > /dev/null 2>&1 & echo $! > a");
        int pid = build.PidIn("a");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(build.Folder["ended"]), TimeSpan.FromSeconds(20)));
        build.RunAgain();
        int watchdog = build.Watchdog;

        build.Kill();

        Assert.True(SpinWait.SpinUntil(() => !ProcessRun.IsAlive(watchdog), TimeSpan.FromSeconds(15)));
        Assert.True(ProcessRun.IsAlive(pid));
    }

    [Fact]
    public void Nothing_is_lost_when_the_build_is_killed_while_it_starts_programs()
    {
        Random random = new(20260);
        for (int round = 0; round < (Sweep.IsFull ? 50 : 4); round++)
        {
            using SupervisedBuild build = new("storm", "30", gracePeriod: TimeSpan.FromSeconds(5));
            Assert.True(SpinWait.SpinUntil(() => build.Left().Count > 0, TimeSpan.FromSeconds(20)));
            Thread.Sleep(random.Next(100));
            build.Kill();

            // A process that hangs between its creation and its program is found though its mark shows late.
            Assert.True(SpinWait.SpinUntil(() => { Thread.Sleep(20); return build.Left().Count == 0; }, TimeSpan.FromSeconds(15)));
            Thread.Sleep(200);
            Assert.Empty(build.Left());
        }
    }

    [Fact]
    public void One_watchdog_serves_a_thousand_attempts_and_leaves_nothing_when_it_is_sent_away()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        Assert.Null(watchdog.Id);
        HashSet<int> ids = [];
        for (int i = 0; i < 1000; i++)
        {
            using WatchedAttempt attempt = watchdog.Begin($"KINETRA_ATTEMPT_ID={i:0000000000000000}");
            attempt.Started(int.MaxValue - i);
            ids.Add(watchdog.Id!.Value);
        }

        int id = Assert.Single(ids);
        long before = Memory(id);
        watchdog.Dispose();
        watchdog.Dispose();
        AssertGone(id);
        Assert.InRange(before, 1, 8_000);
    }

    [Fact]
    public void A_watchdog_that_was_dismissed_has_a_successor_if_another_attempt_begins()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000").Dispose();
        int first = watchdog.Id!.Value;
        watchdog.Dismiss();
        Assert.Null(watchdog.Id);
        WatchedAttempt attempt = watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000001");
        int second = watchdog.Id!.Value;
        watchdog.Dismiss();
        Assert.True(ProcessRun.IsAlive(second));
        attempt.Dispose();
        watchdog.Dispose();
        AssertGone(first);
        AssertGone(second);
    }

    // Not even as a zombie.
    private static void AssertGone(int id) => Assert.False(Directory.Exists($"/proc/{id}"), "it is still there");

    [Fact]
    public void A_watchdog_is_sent_away_only_when_the_last_attempt_has_ended()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        WatchedAttempt attempt = watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000");
        int id = watchdog.Id!.Value;
        watchdog.Dispose();
        Assert.True(ProcessRun.IsAlive(id));
        attempt.Dispose();
        attempt.Dispose();
        AssertGone(id);
    }

    [Fact]
    public void A_watchdog_that_reads_no_more_does_not_hold_the_build()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000").Dispose();
        int first = watchdog.Id!.Value;
        _run.Shell($"kill -STOP {first}");

        // More than a pipe holds: nothing is written to it that would have to be read.
        for (int i = 0; i < 1500; i++)
        {
            using WatchedAttempt attempt = watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000");
            attempt.Started(int.MaxValue);
        }

        watchdog.Dispose();
        AssertGone(first);
    }

    [Fact]
    public void An_attempt_runs_without_a_watchdog_if_there_is_none_to_be_had()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1), ["/missing/sh"], "/bin");
        using WatchedAttempt attempt = watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000");
        attempt.Started(int.MaxValue);
        Assert.Null(watchdog.Id);
        Assert.Contains("/missing/sh", watchdog.Problem);
    }

    [Theory]
    [InlineData("KINETRA_ATTEMPT_ID=0123456789abcdef", "KINETRA_ATTEMPT_ID=0123456789abcdef")]
    [InlineData("KINETRA_ATTEMPT_ID=a b\n'*/.0123456789abcdef", ".0123456789abcdef")]
    public void A_mark_is_told_as_far_as_its_end_is_plain(string mark, string told)
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        using WatchedAttempt attempt = watchdog.Begin(mark);
        Assert.Equal(told, attempt.Mark);
        Assert.Throws<ArgumentException>(() => watchdog.Begin("KINETRA_ATTEMPT_ID=0123456 789abcdef"));
    }

    [Fact]
    public void The_watchdog_has_nothing_of_the_build_but_its_pipe_and_the_table()
    {
        using Watchdog watchdog = new(TimeSpan.FromSeconds(1));
        using WatchedAttempt attempt = watchdog.Begin("KINETRA_ATTEMPT_ID=0000000000000000");
        string proc = $"/proc/{watchdog.Id}";

        // Signals 1, 2, 3 and 15, once the shell has set its traps; those above 31 are the C library's own.
        Assert.True(SpinWait.SpinUntil(() => (Convert.ToInt64(Field($"{proc}/status", "SigIgn"), 16) & 0x7fffffff) == 0x4007, TimeSpan.FromSeconds(10)));
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles($"{proc}/fd").All(file => int.Parse(Path.GetFileName(file)) is < 4 or > 9), TimeSpan.FromSeconds(10)));
        Assert.StartsWith("/memfd:kinetra-watchdog", new FileInfo($"{proc}/fd/3").LinkTarget);
        Assert.StartsWith("PATH=", Read($"{proc}/environ"));
        Assert.Equal(1, Read($"{proc}/environ").Count(c => c == '\0'));
        Assert.Equal("/", new FileInfo($"{proc}/cwd").LinkTarget);
        Assert.Equal(["/dev/null", "/dev/null"], ((string[])["1", "2"]).Select(descriptor => new FileInfo($"{proc}/fd/{descriptor}").LinkTarget!));
        Assert.Equal(watchdog.Id.ToString(), Read($"{proc}/stat").Split(") ")[1].Split(' ')[3]);
    }

    private static int Environments(SupervisedBuild build) => build.Left().Count(member => CommandLineOf(member.Pid) is { } line && (line.StartsWith("sleep\0300", StringComparison.Ordinal) || line.StartsWith("sh\0-c", StringComparison.Ordinal)));

    // Null for one that has ended since it was listed.
    private static string? CommandLineOf(int pid)
    {
        try
        {
            return Read($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Memory(int pid) => long.Parse(Field($"/proc/{pid}/status", "VmRSS").Replace("kB", ""));

    private static string Field(string file, string name) => Read(file).Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Trim();

    private static string Read(string file) => File.ReadAllText(file);
}
