using System.Diagnostics;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Tests.Sweeps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

/// <summary>Ending what a build that was killed has left running, by the marks that its journal has.</summary>
public sealed class LeftoverProcessesTests : IDisposable
{
    private readonly ProcessRun _run = new();

    public LeftoverProcessesTests() => Platform.RequireLinux();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void They_are_told_and_have_the_grace_period()
    {
        Leave("trap 'echo told >> told; sleep 0.5; echo x > cleaned; exit 0' TERM; echo $$ > a; while :; do sleep 0.05; done");
        int pid = _run.PidIn("a");
        Assert.InRange(ProcessTree.EndLeftovers(["KINETRA_NOT_THERE=1", _run.Mark], TimeSpan.FromSeconds(20), TimeProvider.System), 1, 10);
        Assert.False(ProcessRun.IsAlive(pid));
        Assert.Equal("told\n", _run.Folder.Read("told"));
        Assert.True(File.Exists(_run.Folder["cleaned"]));
    }

    [Fact]
    public void They_are_killed_after_it()
    {
        Leave("setsid sh -c 'trap \"\" TERM; echo $$ > a; exec sleep 300' & echo $$ > b; exec sleep 300");
        _ = (_run.PidIn("a"), _run.PidIn("b"));
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(2, ProcessTree.EndLeftovers([_run.Mark], TimeSpan.FromMilliseconds(300), TimeProvider.System));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.3, 10);
        _run.AssertEnded("a", "b");
    }

    [Fact]
    public void Where_there_are_none_nothing_is_waited_for()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, ProcessTree.EndLeftovers([_run.Mark], TimeSpan.FromMinutes(1), TimeProvider.System));
        Assert.Equal(0, ProcessTree.EndLeftovers([], TimeSpan.FromMinutes(1), TimeProvider.System));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
    }

    [Fact]
    public void Whoever_asks_is_spared_and_so_is_what_started_it()
    {
        // A build that is started from a shell which a step has left behind.
        _run.Shell($"sleep 300 & echo $! > a; {Victim.Program} end-leftovers {_run.Mark}; echo survived");
        Assert.Equal(["ok 1", "survived"], _run.Lines);
        _run.AssertEnded("a");
    }

    private void Leave(string line) => new Thread(() => _run.Shell(line)) { IsBackground = true }.Start();
}
