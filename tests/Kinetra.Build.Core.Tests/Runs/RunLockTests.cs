using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_second_run_is_told_who_runs_it_and_touches_nothing()
    {
        using WorkflowRun first = _project.StartRun();
        Dictionary<string, string> before = Contents();
        KinetraException error = _project.Fails(DiagnosticCodes.WorkflowBusy, () => _project.StartRun());
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}, since 2026-11-23 04:55:01 UTC (run {first.Id})"), error.Message);
        Assert.Equal(before, Contents());
        Assert.Equal(RunStatus.Running, first.Status);
    }

    [Theory]
    [InlineData(RunStatus.Completed)]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Interrupted)]
    public void The_end_of_a_run_frees_it(RunStatus status)
    {
        using WorkflowRun first = _project.StartRun();
        first.Finish(status);
        using WorkflowRun second = _project.StartRun();
        Assert.Equal(first.Id, second.Previous!.Id);
    }

    [Fact]
    public void A_run_that_could_not_begin_frees_it()
    {
        _project.Write("logs", "");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => _project.StartRun());
        File.Delete(_project.Folder["logs"]);
        using WorkflowRun run = _project.StartRun();
        Assert.Null(run.Previous);
    }

    [Theory]
    [InlineData("a b", "a-b")]
    [InlineData("a/b", "a-b")]
    [InlineData("..", "step")]
    [InlineData("con", "_con")]
    public void Workflows_with_similar_names_do_not_get_in_each_others_way(string one, string other)
    {
        using WorkflowRun first = _project.StartRun(one);
        using WorkflowRun second = _project.StartRun(other);
        Assert.NotEqual(first.Id, second.Id);
        _project.Fails(DiagnosticCodes.WorkflowBusy, () => _project.StartRun(one));
        _project.Fails(DiagnosticCodes.WorkflowBusy, () => _project.StartRun(other));
    }

    [Fact]
    public void Other_state_directories_do_not_matter()
    {
        using WorkflowRun first = _project.StartRun();
        using WorkflowRun second = WorkflowRun.Start(_project.Settings() with { StateDirectory = _project.Path("other") }, _project.Time);
        Assert.Equal(RunStatus.Running, second.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"held\":true}")]
    [InlineData("{\"held\":1,\"pid\":\"x\",\"host\":3,\"since\":null,\"build\":[],\"run\":[],\"number\":{}}")]
    [InlineData("{\"held\":true,\"pid\":1,\"host\":\"h\",\"since\":1e999,\"build\":\"\",\"run\":\"../../x\",\"number\":99}")]
    public void Whatever_the_lock_file_says_the_last_run_is_found(string content)
    {
        using (WorkflowRun first = _project.StartRun())
        {
            first.Finish(RunStatus.Failed);
        }

        File.WriteAllText(LockFile(), content);
        using WorkflowRun second = _project.StartRun();
        Assert.Equal(("20261123_045501", RunStatus.Failed), (second.Previous!.Id, second.Previous.Status));
    }

    [Fact]
    public void Nodes_of_one_build_do_not_keep_each_other_out()
    {
        RunSettings settings = _project.Settings() with { BuildId = "one" };
        string killed;
        using (WorkflowRun first = WorkflowRun.Start(settings, _project.Time))
        {
            using WorkflowRun beside = WorkflowRun.Start(settings, _project.Time);
            Assert.NotEqual(first.Id, beside.Id);
            Assert.Null(beside.Previous);
            Assert.Null(beside.DigestFile);
            _project.Fails(DiagnosticCodes.WorkflowBusy, () => WorkflowRun.Start(settings with { BuildId = "two" }, _project.Time));
            beside.Finish(RunStatus.Failed);
            _project.Fails(DiagnosticCodes.WorkflowBusy, () => WorkflowRun.Start(settings with { BuildId = "two" }, _project.Time));
            using WorkflowRun other = WorkflowRun.Start(settings, _project.Time);
            killed = other.Id;
            first.Finish(RunStatus.Completed);
        }

        // Its process is this one and alive, so it is left alone; the last run is the one that held the lock.
        using WorkflowRun next = WorkflowRun.Start(settings with { BuildId = "two" }, _project.Time);
        Assert.Equal(RunStatus.Completed, next.Previous!.Status);
        Assert.Equal("running", RunState.Read(_project.Folder[$".workflow_state/{killed}.json"]).Status);
    }

    [Fact]
    public void A_holder_that_does_not_say_who_it_is_is_waited_for_and_then_named_so()
    {
        StateDirectory.Ensure(_project.Path(TestProject.State));
        using FileLock held = FileLock.TryAcquire(LockFile())!;
        KinetraException error = _project.Fails(DiagnosticCodes.WorkflowBusy, () => WorkflowRun.Start(_project.Settings(), TimeProvider.System));
        Assert.Contains("has not said who it is", error.Message);
    }

    [Fact]
    public void A_holder_that_is_just_leaving_is_waited_for()
    {
        StateDirectory.Ensure(_project.Path(TestProject.State));
        FileLock held = FileLock.TryAcquire(LockFile())!;

        // A thread of its own: those of the pool may all be busy with other tests.
        Thread leaving = new(() =>
        {
            Thread.Sleep(200);
            held.Dispose();
        });
        leaving.Start();
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(), TimeProvider.System);
        Assert.Equal(RunStatus.Running, run.Status);
        leaving.Join();
    }

    // .NET does not open what another process has locked; that is what this test is about.
    private Dictionary<string, string> Contents() =>
        _project.Folder.Files().ToDictionary(file => file, file => Encoding.UTF8.GetString(NativeFile.ReadAll(_project.Folder[file])!));

    private string LockFile() => RunLock.FileOf(_project.Path(TestProject.State), "master").Full;
}
