using System.Text;
using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Tests.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

/// <summary>What a journal keeps, whole, cut and damaged.</summary>
public sealed class RunJournalTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(RunStatus.Completed)]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Interrupted)]
    public void Everything_comes_back_as_it_was_written(RunStatus end)
    {
        WorkflowRun run = RecordedScene.Run(_project, end: end);
        RecordedRun read = RecordedScene.Read(_project, run.Id);
        Assert.Equal((run.Workflow, run.Id, 1, run.StartTime, end, run.Duration, run.Error), (read.Run.Workflow, read.Run.Id, read.Run.Number, read.Run.StartTime, read.Run.Status, read.Run.Duration, read.Run.Error));
        Assert.Equal((Environment.ProcessId, Environment.MachineName, run.Log.File.Display), (read.Run.ProcessId, read.Run.Host, read.Run.LogFile));
        Assert.Equal(run.Metadata, read.Run.Metadata);
        Assert.Equal(run.Steps.Count, read.Run.Steps.Count);
        Assert.All(run.Steps.Zip(read.Run.Steps), pair => Same(pair.First, pair.Second));
        Assert.Equal(["KINETRA_ATTEMPT_ID=a.1", "KINETRA_ATTEMPT_ID=a.2"], read.Run.Steps[0].Marks);
        Assert.False(read.IsTorn);
    }

    [Fact]
    public void What_was_completed_before_is_carried_with_all_that_is_needed_to_rely_on_it()
    {
        WorkflowRun first = RecordedScene.Run(_project);
        RunSettings resume = _project.Settings() with { Resume = true };
        WorkflowRun.Start(resume, _project.Time).Dispose();
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        using WorkflowRun third = WorkflowRun.Start(resume, _project.Time);
        Assert.Equal(2, third.PriorCount);
        StepRecord prior = third.Prior("a", 1)!;
        Assert.Equal(first.Id, prior.ResumedFrom);
        Same(first.Steps[0], prior, but: true);
        StepRecord taken = third.TakeOver(prior, critical: true, "because");
        Same(prior, RecordedScene.Read(_project, third.Id).Run.Steps[0], but: true);
        Assert.Equal(1, taken.Number);
    }

    [Fact]
    public void What_an_earlier_release_has_written_is_read_as_it_was_meant()
    {
        // Numbers as the shortest text of a double, blanks, another order, and a member that nobody knows.
        string made = Encoding.UTF8.GetString(JsonRecord.Format(Fingerprint.Of([new Component("command", TestProject.Sha256("a"), "a")]).Write))[1..^1];
        string lines = $$$$"""
            {"seq":1,"at":1795437578.6663074,"run":{"workflow":"master","id":"20261123_123938","number":1,"previous":null,"continues":null,"partial":false,"pid":31191,"host":"vm","start_time":1795437578.650589,"log_file":"x.log","metadata":{}}}
            {"seq":2,"at":1.7954375787315328E+09,"step":{"attempts":0,"number":1, "reusable" : true,"occurrence_number":1,"later":[{"x":[1]}],"name":"Gr\u00fc\u00df\/","status":"running","start_time":1795437578.731418,"end_time":null,"duration":null,"error":null,"retry_count":0,"critical":true,"exit_code":null,"log_file":null,"reason":"a \"run\"","fingerprint":{{{{made}}}}}}
            {"seq":3,"at":1795437578.741598,"attempt":{"step":1,"attempt":1,"mark":"KINETRA_ATTEMPT_ID=05a17f8658704921"}}
            {"step":{"number":1,"attempts":1,"reusable":true,"occurrence_number":1,"name":"Grüß/","status":"completed","start_time":1.795437578731418E+09,"end_time":null,"duration":6.4E-05,"error":null,"retry_count":0,"critical":true,"exit_code":-1073741510,"log_file":"l","reason":"a \"run\"","cpu_time":0,"peak_memory":4096,"waiting_time":2.5,"attempt_times":[{"start":0,"duration":1E-06,"exit_code":1}],"operations":[{"name":"o","duration":1.5}],"outputs":{"ü.csv":"{{{{TestProject.Sha256("1")}}}}"},"written":["w"]},"at":1795437579,"seq":4}

            """;
        FilePath file = RecordedScene.JournalOf(_project, "20261123_123938");
        StepRecord step = Assert.Single(RecordedScene.Read(file, "20261123_123938", DamagedBytes.Seal(Encoding.UTF8.GetBytes(lines.ReplaceLineEndings("\n")), RunJournal.Kind)).Run.Run.Steps);
        Assert.Equal(("Grüß/", StepStatus.Completed, 1, "a \"run\"", -1073741510, "l"), (step.Name, step.Status, step.Attempts, step.Reason, step.ExitCode, step.LogFile));
        Assert.Equal(DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(1_795_437_578_731_418), step.StartTime);
        Assert.Equal((TimeSpan.FromMicroseconds(64), TimeSpan.Zero, TimeSpan.FromSeconds(2.5), 4096), (step.Duration, step.Cpu, step.Waited, step.PeakMemory));
        Assert.Equal([new Component("command", TestProject.Sha256("a"), "a")], step.Fingerprint!.Components);
        Assert.Equal([new OutputDigest("ü.csv", TestProject.Sha256("1"))], step.Outputs);
        Assert.Equal(["w"], step.Written);
        Assert.Equal(["KINETRA_ATTEMPT_ID=05a17f8658704921"], step.Marks);
        Assert.Equal([new StepOperation("o", TimeSpan.FromSeconds(1.5))], step.Operations);
        Assert.Equal(TimeSpan.FromMicroseconds(1), Assert.Single(step.AttemptTimes).Duration);
    }

    [Theory]
    [InlineData("\"reusable\":true", "\"reusable\":1")]
    [InlineData("\"log_file\":null,", "")]
    [InlineData("\"exit_code\":0", "\"exit_code\":0.5")]
    [InlineData("\"duration\":1", "\"duration\":253402300800")]
    [InlineData("\"number\":1,", "\"number\":2,")]
    [InlineData("\"seq\":2,", "")]
    [InlineData("\"step\":", "\"steps\":")]
    [InlineData("}}\n{", "}},\n{")]
    public void A_record_of_a_step_that_lacks_something_or_has_something_else_is_damage(string what, string instead)
    {
        const string Lines = """
            {"seq":1,"at":1,"run":{"workflow":"master","id":"20261123_123938","number":1,"previous":null,"continues":null,"partial":false,"pid":1,"host":"vm","start_time":1,"log_file":"x.log","metadata":{}}}
            {"seq":2,"at":1,"step":{"number":1,"attempts":1,"reusable":true,"occurrence_number":1,"name":"a","status":"completed","start_time":1,"end_time":2,"duration":1,"error":null,"retry_count":0,"critical":true,"exit_code":0,"log_file":null,"reason":null}}
            {"seq":3,"at":1,"finish":{"status":"completed","duration":0.1,"error":null}}

            """;
        FilePath file = RecordedScene.JournalOf(_project, "20261123_123938");
        string lines = Lines.ReplaceLineEndings("\n");
        byte[] Sealed(string text) => DamagedBytes.Seal(Encoding.UTF8.GetBytes(text), RunJournal.Kind);
        Assert.Single(RecordedScene.Read(file, "20261123_123938", Sealed(lines)).Completed);
        int at = lines.IndexOf(what, lines.IndexOf(what == "}}\n{" ? "\"reason\"" : "\"seq\":2", StringComparison.Ordinal), StringComparison.Ordinal);
        Damaged(file, () => RecordedScene.Read(file, "20261123_123938", Sealed(lines[..at] + instead + lines[(at + what.Length)..])));
    }

    [Theory]
    [InlineData(RunStatus.Completed)]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Interrupted)]
    public void The_state_file_made_again_is_the_one_that_the_run_wrote(RunStatus end)
    {
        WorkflowRun run = RecordedScene.Run(_project, end: end);
        string written = File.ReadAllText(run.StateFile.Full);
        File.Delete(run.StateFile.Full);
        RecordedScene.Read(_project, run.Id).MendState();
        Assert.Equal(written, File.ReadAllText(run.StateFile.Full));
    }

    [Fact]
    public void The_state_file_of_a_killed_run_is_the_same_however_often_it_is_made()
    {
        WorkflowRun run = RecordedScene.Run(_project, end: null);
        RecordedScene.Read(_project, run.Id).Interrupt(_project.Time);
        string written = File.ReadAllText(run.StateFile.Full);
        File.Delete(run.StateFile.Full);
        RecordedScene.Read(_project, run.Id).MendState();
        Assert.Equal(written, File.ReadAllText(run.StateFile.Full));
        JsonElement[] steps = [.. JsonDocument.Parse(written).RootElement.GetProperty("steps").EnumerateArray()];
        Assert.Equal(["completed", "failed", "completed", "interrupted"], steps.Select(step => step.GetProperty("status").GetString()));
        Assert.NotEqual(JsonValueKind.Null, steps[^1].GetProperty("duration").ValueKind);
    }

    [Fact]
    public void A_state_file_that_agrees_with_the_journal_is_not_written_again()
    {
        WorkflowRun run = RecordedScene.Run(_project);
        File.SetLastWriteTimeUtc(run.StateFile.Full, DateTime.UnixEpoch);
        RecordedScene.Read(_project, run.Id).MendState();
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(run.StateFile.Full));
    }

    [Fact]
    public void A_build_that_dies_while_it_ends_a_killed_run_keeps_the_marks_of_what_may_live()
    {
        WorkflowRun run = RecordedScene.Run(_project, end: null);
        RecordedScene.Read(_project, run.Id).Interrupt(_project.Time);
        FilePath journal = RecordedScene.JournalOf(_project, run.Id);
        byte[] whole = File.ReadAllBytes(journal.Full);
        int finish = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        (_, _, RecordedRun read) = RecordedScene.Read(journal, run.Id, whole[..finish]);
        Assert.Equal(RunStatus.Running, read.Run.Status);
        Assert.Equal(["KINETRA_ATTEMPT_ID=open.1"], read.LivingMarks());
    }

    [Fact]
    public void Cut_anywhere_it_is_the_run_as_far_as_its_whole_records_tell()
    {
        (FilePath file, string id, byte[] whole) = Journal();
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where(place => whole[place] == '\n').Select(place => place + 1)];
        string[] states = [.. ends.Skip(1).Select(end => RecordedScene.Read(file, id, whole[..end]).State)];
        Assert.True(ends.Length > 12);
        for (int length = 0; length < whole.Length; length++)
        {
            int records = ends.Count(end => end <= length) - 1;
            byte[] content = whole[..length];
            if (records < 1)
            {
                Damaged(file, () => RecordedScene.Read(file, id, content));
                continue;
            }

            (string state, IReadOnlyList<string> completed, RecordedRun run) = RecordedScene.Read(file, id, content);
            Assert.Equal(states[records - 1], state);
            Assert.Equal(CompletedIn(whole[..ends[records]]), completed);
            Assert.Equal(!ends.Contains(length), run.IsTorn);
        }
    }

    [Fact]
    public void With_any_byte_changed_it_is_the_run_up_to_there_or_an_error_that_names_the_place()
    {
        (FilePath file, string id, byte[] whole) = Journal();
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where(place => whole[place] == '\n').Select(place => place + 1)];
        HashSet<string> states = [.. ends.Skip(1).Select(end => RecordedScene.Read(file, id, whole[..end]).State)];
        int damaged = 0;
        for (int place = 0; place < whole.Length; place++)
        {
            foreach (byte change in (byte[])[0x01, 0x04, 0x10, 0x80, 0xFF])
            {
                byte[] content = [.. whole];
                content[place] ^= change;
                try
                {
                    (string state, IReadOnlyList<string> completed, _) = RecordedScene.Read(file, id, content);
                    Assert.Contains(state, states);
                    Assert.Subset(CompletedIn(whole).ToHashSet(), completed.ToHashSet());
                }
                catch (KinetraException error)
                {
                    damaged++;
                    Assert.Equal(DiagnosticCodes.CorruptState, error.Code);
                    Assert.Contains(file.Display, error.Message);
                    Assert.Matches(place < ends[0] ? "begin" : $@"at byte {ends.Last(end => end <= place)} ", error.Message);
                }
            }
        }

        // What is before the last record is damage each time; the last one might be what a crash left.
        Assert.Equal(5 * ends[^2], damaged);
    }

    private (FilePath File, string Id, byte[] Content) Journal()
    {
        // With steps carried from another run.
        RecordedScene.Run(_project);
        WorkflowRun run = RecordedScene.Run(_project, _project.Settings() with { Resume = true });
        FilePath file = RecordedScene.JournalOf(_project, run.Id);
        return (file, run.Id, File.ReadAllBytes(file.Full));
    }

    // Told from the text of the journal, without any of the code that reads it.
    private static IReadOnlyList<string> CompletedIn(byte[] content)
    {
        Dictionary<string, string> statuses = [];
        HashSet<string> carried = [];
        Dictionary<int, string> names = [];
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            using JsonDocument json = JsonDocument.Parse(line[18..]);
            bool isCarried = json.RootElement.TryGetProperty("carried", out JsonElement step);
            if (isCarried || json.RootElement.TryGetProperty("step", out step))
            {
                string name = $"{step.GetProperty("name").GetString()} {step.GetProperty("occurrence_number").GetInt32()}";
                statuses[name] = step.GetProperty("status").GetString()!;
                _ = isCarried ? carried.Add(name) : names.TryAdd(step.GetProperty("number").GetInt32(), name);
            }
            else if (json.RootElement.TryGetProperty("attempt", out JsonElement attempt))
            {
                // Until then nothing of it has run, and what was completed before still is.
                carried.Remove(names[attempt.GetProperty("step").GetInt32()]);
            }
        }

        return [.. statuses.Where(step => step.Value == "completed" || carried.Contains(step.Key)).Select(step => step.Key).Order(StringComparer.Ordinal)];
    }

    private static void Damaged(FilePath file, Action read)
    {
        KinetraException error = Assert.Throws<KinetraException>(read);
        Assert.Equal(DiagnosticCodes.CorruptState, error.Code);
        Assert.Contains(file.Display, error.Message);
    }

    private static void Same(StepRecord expected, StepRecord read, bool but = false)
    {
        Assert.Equal((expected.Name, expected.Occurrence, expected.IsCritical, expected.Status), (read.Name, read.Occurrence, read.IsCritical, read.Status));
        Assert.Equal((expected.StartTime, expected.Duration, expected.Attempts, expected.ExitCode), (read.StartTime, read.Duration, read.Attempts, read.ExitCode));
        Assert.Equal((expected.Error, expected.LogFile, expected.Progress, expected.IsReusable), (read.Error, read.LogFile, read.Progress, read.IsReusable));
        if (!but)
        {
            // These are its own in each run.
            Assert.Equal((expected.Number, expected.Reason, expected.ResumedFrom), (read.Number, read.Reason, read.ResumedFrom));
        }

        Assert.Equal(expected.Fingerprint, read.Fingerprint);
        Assert.Equal(expected.Fingerprint?.Components, read.Fingerprint?.Components);
        Assert.Equal(expected.Outputs, read.Outputs);
        Assert.Equal(expected.Written, read.Written);
        Assert.Equal(expected.Operations, read.Operations);
    }
}
