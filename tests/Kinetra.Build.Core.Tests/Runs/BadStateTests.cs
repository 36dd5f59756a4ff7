using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

/// <summary>Whatever stands where the last run left its files: a clear message, and a run from the start works, and can be continued.</summary>
public sealed class BadStateTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    /// <summary>What can be wrong with a journal so that it cannot be continued, and what the message says of it.</summary>
    public static TheoryData<string, string> Journals => new()
    {
        { "empty", "it is empty" },
        { "header cut", "does not begin with" },
        { "first record cut", "no whole record" },
        { "other version", "another release" },
        { "no journal", "does not begin with" },
        { "middle damaged", "at byte" },
        { "of another run", "it is the journal of run 20261123_045501" },
        { "of another workflow", "is of the workflow other" },
        { "zeros", "does not begin with" },
    };

    [Theory]
    [MemberData(nameof(Journals))]
    public void A_journal_that_cannot_be_continued_is_warned_of_and_a_run_from_the_start_works(string what, string message)
    {
        FilePath journal = Fail();
        Spoil(journal, what);
        Refused(DiagnosticCodes.CorruptState, journal, message);
    }

    [Fact]
    public void A_directory_in_the_place_of_the_journal_is_warned_of()
    {
        FilePath journal = Fail();
        File.Delete(journal.Full);
        Directory.CreateDirectory(journal.Full);
        Refused(DiagnosticCodes.FileUnreadable, journal, "no file");
    }

    [Fact]
    public void Of_a_journal_whose_end_was_cut_off_the_rest_is_continued()
    {
        FilePath journal = Fail();
        byte[] whole = File.ReadAllBytes(journal.Full);
        File.WriteAllBytes(journal.Full, whole[..^3]);
        using WorkflowRun run = Start(resume: true);
        Assert.Null(run.Damage);
        Assert.Equal((RunStatus.Running, 1), (run.Previous!.Status, run.PriorCount));
        Assert.Equal("interrupted", StateOf(run.Previous.Id).Status);
        Assert.False(RecordedScene.Read(_project, run.Previous.Id).IsTorn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_its_journal_a_run_does_not_count(bool resume)
    {
        File.Delete(Fail().Full);
        using WorkflowRun run = Start(resume);
        Assert.Null(run.Damage);
        Assert.Equal(("20261123_045501", RunStatus.Completed), (run.Previous!.Id, run.Previous.Status));
        Assert.Null(run.ContinuesId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_is_newer_than_now_is_told_and_can_be_continued(bool lockIsLost)
    {
        Fail();
        FakeTimeProvider earlier = new(_project.Time.GetUtcNow().AddDays(-1));
        string second;
        using (WorkflowRun run = Start(resume: false, earlier))
        {
            second = run.Id;
            Assert.True(run.Previous!.IsFromTheFuture);
            Complete(run, "a", "b");
            run.Finish(RunStatus.Failed);
        }

        if (lockIsLost)
        {
            File.Delete(LockFile.Full);
        }

        // The last one by number, not by name.
        earlier.Advance(TimeSpan.FromSeconds(5));
        using WorkflowRun third = Start(resume: true, earlier);
        Assert.Equal((second, second, 2), (third.Previous!.Id, third.ContinuesId, third.PriorCount));
        Assert.False(third.Previous.IsFromTheFuture);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"held\":")]
    [InlineData("no JSON")]
    [InlineData("{\"held\":false,\"pid\":1,\"host\":\"h\",\"since\":1,\"build\":\"\",\"run\":\"20250101_000000\",\"number\":1}")]
    [InlineData(null)]
    public void Whatever_became_of_the_lock_file_the_last_run_is_continued(string? content)
    {
        string first = Path.GetFileNameWithoutExtension(Fail().Full);
        File.Delete(LockFile.Full);
        if (content is not null)
        {
            File.WriteAllText(LockFile.Full, content);
        }

        using WorkflowRun run = Start(resume: true);
        Assert.Null(run.Damage);
        Assert.Equal((first, 1), (run.ContinuesId, run.PriorCount));
    }

    [Fact]
    public void The_lock_file_of_another_workflow_is_warned_of()
    {
        FilePath journal = Fail();
        string other = Finished("other");
        File.Copy(RunLock.FileOf(_project.Path(TestProject.State), "other").Full, LockFile.Full, overwrite: true);
        Refused(DiagnosticCodes.CorruptState, RecordedScene.JournalOf(_project, other), "is of the workflow other");
        Assert.True(File.Exists(journal.Full));
    }

    [Fact]
    public void A_lock_file_that_cannot_be_used_is_an_error_that_names_it()
    {
        Fail();
        File.Delete(LockFile.Full);
        Directory.CreateDirectory(LockFile.Full);
        Assert.Contains(LockFile.Display, _project.Fails(DiagnosticCodes.StateUnwritable, () => Start(resume: false)).Message);
        Directory.Delete(LockFile.Full);
        using WorkflowRun run = Start(resume: true);
        Assert.Equal(1, run.PriorCount);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("status edited")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("of another run")]
    public void A_state_file_that_does_not_agree_with_the_journal_is_made_anew(string what)
    {
        FilePath journal = Fail();
        string state = Path.ChangeExtension(journal.Full, ".json");
        string before = File.ReadAllText(state);
        switch (what)
        {
            case "deleted":
                File.Delete(state);
                break;
            case "emptied":
                File.WriteAllText(state, "");
                break;
            case "status edited":
                File.WriteAllText(state, before.Replace("failed", "completed", StringComparison.Ordinal));
                break;
            case "cut":
                File.WriteAllText(state, before[..^30]);
                break;
            case "longer":
                File.AppendAllText(state, "}");
                break;
            default:
                File.Copy(_project.Folder[$"{TestProject.State}/{Finished("other")}.json"], state, overwrite: true);
                break;
        }

        using WorkflowRun run = Start(resume: true);
        Assert.Null(run.Damage);
        Assert.Equal(1, run.PriorCount);
        Assert.Equal(before, File.ReadAllText(state));
    }

    [Fact]
    public void A_damaged_journal_of_another_workflow_is_not_this_ones_business()
    {
        Fail();
        string other = Finished("other");
        File.WriteAllText(RecordedScene.JournalOf(_project, other).Full, "damaged");
        using WorkflowRun run = Start(resume: true);
        Assert.Null(run.Damage);
        Assert.Equal(1, run.PriorCount);
    }

    [Fact]
    public void Old_runs_whose_journals_cannot_be_read_stay()
    {
        FilePath journal = Fail();
        File.Delete(journal.Full);
        Directory.CreateDirectory(journal.Full);
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(logKeep: 1), _project.Time);
        Assert.Equal(["20261123_045501"], run.RemoveOldRuns());
        Assert.True(File.Exists(Path.ChangeExtension(journal.Full, ".json")));
    }

    private FilePath LockFile => RunLock.FileOf(_project.Path(TestProject.State), "master");

    // Resumed: an error, and nothing is touched. Not resumed: a warning, and the run works, and so does one that continues it.
    private void Refused(string code, FilePath culprit, string message)
    {
        Dictionary<string, string> before = Contents();
        KinetraException error = _project.Fails(code, () => Start(resume: true));
        Assert.Contains(culprit.Display, error.Message);
        Assert.Contains(message, error.Message);
        Assert.Equal(before, Contents());

        string fresh;
        using (WorkflowRun run = Start(resume: false))
        {
            fresh = run.Id;
            Assert.Equal((code, error.Message), (run.Damage?.Code, run.Damage?.Message));
            Assert.Null(run.ContinuesId);
            Complete(run, "a", "b", "c");
            run.Finish(RunStatus.Failed);
        }

        Assert.Equal("failed", StateOf(fresh).Status);
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        using WorkflowRun resumed = Start(resume: true);
        Assert.Null(resumed.Damage);
        Assert.Equal((fresh, 3), (resumed.ContinuesId, resumed.PriorCount));
    }

    private void Spoil(FilePath journal, string what)
    {
        byte[] whole = File.ReadAllBytes(journal.Full);
        string text = Encoding.UTF8.GetString(whole);
        switch (what)
        {
            case "of another run":
                File.Copy(RecordedScene.JournalOf(_project, "20261123_045501").Full, journal.Full, overwrite: true);
                return;
            case "of another workflow":
                RunRecord run = RecordedScene.Read(_project, Path.GetFileNameWithoutExtension(journal.Full)).Run;
                File.Delete(journal.Full);
                RunRecord other = new() { Workflow = "other", Id = run.Id, Number = run.Number, ProcessId = 1, Host = "h", StartTime = run.StartTime, LogFile = run.LogFile, Metadata = run.Metadata };
                RunJournal.TryCreate(journal, other, [], _project.Time)!.Dispose();
                return;
        }

        File.WriteAllBytes(journal.Full, what switch
        {
            "empty" => [],
            "header cut" => whole[..7],
            "first record cut" => whole[..60],
            "other version" => Encoding.UTF8.GetBytes(text.Replace("kinetra-run 1", "kinetra-run 2", StringComparison.Ordinal)),
            "no journal" => "hello"u8.ToArray(),
            "zeros" => new byte[whole.Length],
            _ => Encoding.UTF8.GetBytes(text.Replace("\"attempts\":1", "\"attempts\":2", StringComparison.Ordinal)),
        });
    }

    // Two runs: one that is over, and one of which one step was completed.
    private FilePath Fail()
    {
        Finished("master");
        using WorkflowRun run = Start(resume: false);
        Complete(run, "a");
        run.End(run.Begin("b", critical: true), StepStatus.Failed, 1, 1, "no", null);
        run.Finish(RunStatus.Failed);
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        return RecordedScene.JournalOf(_project, run.Id);
    }

    private string Finished(string workflow)
    {
        using WorkflowRun run = _project.StartRun(workflow);
        Complete(run, "x");
        run.Finish(RunStatus.Completed);
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        return run.Id;
    }

    private static void Complete(WorkflowRun run, params string[] steps) =>
        Array.ForEach(steps, step => run.End(run.Begin(step, critical: true), StepStatus.Completed, 1, 0, null, null));

    private WorkflowRun Start(bool resume, TimeProvider? time = null) => WorkflowRun.Start(_project.Settings() with { Resume = resume }, time ?? _project.Time);

    private RunState StateOf(string id) => RunState.Read(_project.Folder[$"{TestProject.State}/{id}.json"]);

    // The lock file says who looked at it last.
    private Dictionary<string, string> Contents() => _project.Folder.Files()
        .Where(file => !file.EndsWith("master.lock", StringComparison.Ordinal))
        .ToDictionary(file => file, file => ContentOf(_project.Folder[file]));

    private static string ContentOf(string file)
    {
        try
        {
            return Convert.ToBase64String(File.ReadAllBytes(file));
        }
        catch (UnauthorizedAccessException)
        {
            return "cannot be read";
        }
    }
}
