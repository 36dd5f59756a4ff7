using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

/// <summary>A workflow of a few steps that is run, stopped, changed and continued.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly List<string> _ran = [];
    private readonly Dictionary<string, int> _failures = [];

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Completed_steps_are_taken_over_and_the_rest_is_run()
    {
        _failures["c"] = 1;
        WorkflowRun first = Build("a", "b", "c", "d");
        Assert.Equal("a b c", Ran());
        WorkflowRun second = Resume("a", "b", "c", "d");
        Assert.Equal("c d", Ran());
        Assert.Equal(first.Id, second.ContinuesId);
        Assert.Equal(RunStatus.Completed, second.Status);
        Assert.Equal(["a", "b", "c", "d"], second.Steps.Select(step => step.Name));
        Assert.All(second.Steps, step => Assert.Equal(StepStatus.Completed, step.Status));
        Assert.Equal([first.Id, first.Id, null, null], second.Steps.Select(step => step.ResumedFrom));
        Assert.Equal(
            [$"completed in run {first.Id}, and nothing that it declares has changed", $"completed in run {first.Id}, and nothing that it declares has changed", $"failed in run {first.Id}", $"not reached in run {first.Id}"],
            second.Steps.Select(step => step.Reason));
        Assert.Contains(Summary.Lines(second), line => line == $"Steps: 2 run now, 2 completed before (this run continues {first.Id}).");
    }

    [Fact]
    public void A_run_that_is_continued_twice_knows_the_steps_of_both()
    {
        _failures["b"] = 1;
        _failures["c"] = 1;
        WorkflowRun first = Build("a", "b", "c");
        WorkflowRun second = Resume("a", "b", "c");
        Ran();
        WorkflowRun third = Resume("a", "b", "c");
        Assert.Equal("c", Ran());
        Assert.Equal([first.Id, second.Id, null], third.Steps.Select(step => step.ResumedFrom));
    }

    [Fact]
    public void What_the_continued_run_did_not_reach_is_still_known_from_the_one_before()
    {
        _failures["c"] = 1;
        Build("a", "b", "c");
        Ran();
        WorkflowRun.Start(_project.Settings() with { Resume = true }, _project.Time).Dispose();
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        Resume("a", "b", "c");
        Assert.Equal("c", Ran());
    }

    [Fact]
    public void A_step_that_succeeded_on_retry_counts_as_completed()
    {
        _failures["a"] = 2;
        _failures["b"] = 9;
        Build(attempts: 3, "a", "b");
        Assert.Equal("a a a b b b", Ran());
        WorkflowRun second = Resume("a");
        Assert.Equal("", Ran());
        Assert.Equal(2, second.Steps[0].Retries);
    }

    [Fact]
    public void Without_being_asked_everything_is_run()
    {
        _failures["b"] = 1;
        Build("a", "b");
        Ran();
        WorkflowRun second = Build("a", "b");
        Assert.Equal("a b", Ran());
        Assert.Null(second.ContinuesId);
        Assert.All(second.Steps, step => Assert.Equal("a run from the start", step.Reason));
    }

    [Fact]
    public void A_completed_run_is_not_continued()
    {
        Build("a");
        Ran();
        WorkflowRun second = Resume("a");
        Assert.Equal("a", Ran());
        Assert.Null(second.ContinuesId);
    }

    [Fact]
    public void A_look_at_single_targets_does_not_take_the_place_of_the_run_to_be_continued()
    {
        _failures["b"] = 1;
        WorkflowRun first = Build("a", "b");
        Run(_project.Settings() with { IsPartial = true }, 1, [Step("a")]);
        Ran();
        WorkflowRun third = Resume("a", "b");
        Assert.Equal("b", Ran());
        Assert.Equal(first.Id, third.ContinuesId);
    }

    [Fact]
    public void A_changed_input_runs_its_step_again_and_says_so()
    {
        _project.Write("in.txt", "1");
        _failures["b"] = 1;
        Build([Step("a", inputs: ["in.txt"]), Step("b")]);
        Ran();
        _project.Write("in.txt", "2");
        WorkflowRun second = Resume([Step("a", inputs: ["in.txt"]), Step("b")]);
        Assert.Equal("a b", Ran());
        Assert.Equal("input in.txt changed", second.Steps[0].Reason);
    }

    [Fact]
    public void A_changed_command_runs_its_step_again()
    {
        _failures["b"] = 1;
        Build([Step("a", "one"), Step("b")]);
        Ran();
        WorkflowRun second = Resume([Step("a", "two"), Step("b")]);
        Assert.Equal("a b", Ran());
        Assert.Equal("command changed: one → two", second.Steps[0].Reason);
    }

    [Fact]
    public void A_changed_policy_runs_nothing_again()
    {
        _failures["b"] = 1;
        Build("a", "b");
        Ran();
        Run(_project.Settings() with { Resume = true, LogKeep = 7 }, 17, [Step("a"), Step("b")], critical: false);
        Assert.Equal("b", Ran());
    }

    [Theory]
    [InlineData(false, "output out.txt is gone")]
    [InlineData(true, "output out.txt changed")]
    public void An_output_that_does_not_verify_runs_its_step_again(bool edited, string reason)
    {
        _failures["b"] = 1;
        Build([Writer("a", "out.txt", "1"), Step("b")]);
        Ran();
        File.Delete(_project.Folder["out.txt"]);
        if (edited)
        {
            _project.Write("out.txt", "tampered");
        }

        WorkflowRun second = Resume([Writer("a", "out.txt", "1"), Step("b")]);
        Assert.Equal("a b", Ran());
        Assert.Equal(reason, second.Steps[0].Reason);
    }

    [Fact]
    public void An_earlier_step_with_the_same_result_runs_nothing_again_that_declares_what_it_reads_and_writes()
    {
        _failures["c"] = 1;
        Build([Writer("a", "out.txt", "1"), Copier("b", "out.txt", "copy.txt"), Step("c")]);
        Ran();
        File.Delete(_project.Folder["out.txt"]);
        Resume([Writer("a", "out.txt", "1"), Copier("b", "out.txt", "copy.txt"), Step("c")]);
        Assert.Equal("a c", Ran());
    }

    [Fact]
    public void An_earlier_step_that_ran_again_runs_what_may_rely_on_it_again()
    {
        _project.Write("known.txt", "1");
        _failures["d"] = 1;
        Build([Writer("a", "out.txt", "1"), Step("b"), Copier("c", "known.txt", "copy.txt"), Step("d")]);
        Ran();
        WorkflowRun second = Resume([Writer("a", "out.txt", "2"), Step("b"), Copier("c", "known.txt", "copy.txt"), Step("d")]);
        Assert.Equal("a b d", Ran());
        Assert.Equal("the earlier step \"a\" ran again", second.Steps[1].Reason);
    }

    [Fact]
    public void A_step_of_a_graph_that_ran_again_runs_what_comes_behind_the_graph_again()
    {
        _failures["end"] = 1;
        Build([Writer("graph", "out.txt", "1"), Step("behind"), Step("end")], inGraph: 1);
        Assert.Equal("graph behind end", Ran());
        WorkflowRun second = Resume([Writer("graph", "out.txt", "2"), Step("behind"), Step("end")], inGraph: 1);
        Assert.Equal("graph behind end", Ran());
        Assert.Equal("the earlier step \"graph\" ran again", second.Steps[1].Reason);
    }

    [Fact]
    public void A_step_of_a_graph_that_was_not_completed_before_runs_nothing_behind_the_graph_again()
    {
        _failures["graph"] = 1;
        _failures["end"] = 2;
        IReadOnlyList<IStepWork> steps = [Step("graph"), Step("behind"), Step("end")];
        Run(_project.Settings(), 1, steps, critical: false, RunStatus.Failed, inGraph: 1);
        Ran();
        Resume(steps, inGraph: 1);
        Assert.Equal("graph end", Ran());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_adds_to_what_another_made_runs_again_after_it(bool declaresInput)
    {
        _project.Write("rows.txt", "row");
        _failures["end"] = 1;
        IStepWork Append() => new FakeStep(_project, "append", _ => Do("append", () => _project.Write("db.txt", _project.Folder.Read("db.txt") + "row"))) { Inputs = declaresInput ? ["rows.txt"] : [] };
        IReadOnlyList<IStepWork> Steps() => [Writer("create", "db.txt", "header"), Append(), Step("end")];
        Build(Steps());
        Assert.Equal("headerrow", _project.Folder.Read("db.txt"));
        Ran();
        Resume(Steps());
        Assert.Equal("create append end", Ran());
        Assert.Equal("headerrow", _project.Folder.Read("db.txt"));
    }

    [Fact]
    public void A_file_that_a_step_has_not_seen_is_seen_though_it_matches_what_the_step_makes_too()
    {
        _project.Write("data/a.csv", "1");
        _project.Write("other.txt", "");
        _failures["end"] = 3;
        IReadOnlyList<IStepWork> Steps() => [new FakeStep(_project, "tidy", _ => Do("tidy", () => { })) { Inputs = ["data/*.csv", "other.txt"], Outputs = ["data/"] }, Step("end")];
        Build(Steps());
        Assert.Equal("tidy end", Ran());
        _project.Write("data/notes.txt", "is no input");
        Resume(Steps());
        Assert.Equal("end", Ran());
        _project.Write("data/b.csv", "2");
        WorkflowRun third = Resume(Steps());
        Assert.Equal("tidy end", Ran());
        Assert.Equal("input data/b.csv added", third.Steps[0].Reason);
    }

    [Fact]
    public void Another_try_of_a_step_that_failed_undoes_nothing()
    {
        _failures["a"] = 1;
        _failures["c"] = 1;
        Run(_project.Settings(), 1, [Step("a"), Step("b"), Step("c")], critical: false, status: RunStatus.Failed);
        Assert.Equal("a b c", Ran());
        Resume("a", "b", "c");
        Assert.Equal("a c", Ran());
    }

    [Fact]
    public void What_relies_on_a_step_that_ran_again_and_failed_runs_again()
    {
        _failures["c"] = 1;
        Build("a", "b", "c");
        Ran();
        _failures["a"] = 1;
        Run(_project.Settings() with { Resume = true }, 1, [Step("a", "other"), Step("b"), Step("c")], critical: false);
        Assert.Equal("a b c", Ran());
    }

    [Fact]
    public void What_relies_on_a_step_that_ran_again_in_a_run_between_runs_again()
    {
        _failures["d"] = 1;
        _project.Write("known.txt", "1");
        FakeStep[] Steps() => [Step("0"), Step("a", "other"), Step("b"), Copier("c", "known.txt", "copy.txt"), Step("d")];
        Build([Step("0"), Step("a"), Step("b"), Copier("c", "known.txt", "copy.txt"), Step("d")]);
        Ran();

        // It fails, so that what is behind it is not reached; and once more, so that what is known of that comes from the run before.
        _failures["a"] = 2;
        Resume(Steps());
        Resume(Steps());
        Assert.Equal("a a", Ran());
        WorkflowRun last = Resume(Steps());
        Assert.Equal("a b d", Ran());
        Assert.Equal("the earlier step \"a\" ran again", last.Steps[2].Reason);
    }

    [Fact]
    public void What_relies_on_a_step_whose_input_was_missing_in_a_run_between_runs_again()
    {
        FakeStep[] Steps() => [Step("a", inputs: ["in.txt"]), Step("b"), Step("c")];
        _project.Write("in.txt", "1");
        _failures["c"] = 1;
        Build(Steps());
        File.Delete(_project.Folder["in.txt"]);
        Resume(Steps());
        Ran();
        _project.Write("in.txt", "2");
        Resume(Steps());
        Assert.Equal("a b c", Ran());
    }

    [Fact]
    public void What_relies_on_a_step_that_ran_again_runs_again_after_a_kill_between_them()
    {
        _failures["c"] = 1;
        Build("a", "b", "c");
        Ran();
        WorkflowRun killed = WorkflowRun.Start(_project.Settings() with { Resume = true }, _project.Time);
        using (StepReuse reuse = new(killed, _project.Time))
        {
            Runner(killed, reuse).Run(Definition("a", 1, critical: true), Step("a", "other"), CancellationToken.None);
        }

        killed.Dispose();
        Ran();
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        Resume([Step("a", "other"), Step("b"), Step("c")]);
        Assert.Equal("b c", Ran());
    }

    [Fact]
    public void A_new_step_between_them_counts_as_one_that_ran_again_also_after_a_failure()
    {
        _failures["c"] = 1;
        Build("a", "b", "c");
        _failures["new"] = 1;
        Resume("a", "new", "b", "c");
        Ran();
        Resume("a", "new", "b", "c");
        Assert.Equal("new b c", Ran());
    }

    [Fact]
    public void Single_targets_that_continue_a_run_do_not_complete_it()
    {
        _failures["c"] = 1;
        Build("a", "b", "c", "d");
        Run(_project.Settings() with { Resume = true, IsPartial = true }, 1, [Step("c")]);
        Ran();
        Resume("a", "b", "c", "d");
        Assert.Equal("d", Ran());
    }

    [Fact]
    public void A_single_target_that_ran_again_runs_what_is_behind_it_again()
    {
        _failures["d"] = 1;
        Build("a", "b", "c", "d");
        Run(_project.Settings() with { Resume = true, IsPartial = true }, 1, [Step("b", "other")]);
        Ran();
        Resume([Step("a"), Step("b", "other"), Step("c"), Step("d")]);
        Assert.Equal("c d", Ran());
    }

    [Fact]
    public void A_file_that_the_command_makes_and_names_is_no_change_of_it()
    {
        _failures["b"] = 1;
        IStepWork Copy() => new FakeStep(_project, "a", _ => Do("a", () => _project.Write("made.txt", "1"))) { Command = "cp source made.txt" };
        Build([Copy(), Step("b")]);
        Ran();
        Resume([Copy(), Step("b")]);
        Assert.Equal("b", Ran());
    }

    [Fact]
    public void An_input_that_changes_while_the_step_runs_is_warned_of_and_not_relied_on()
    {
        _project.Write("in.txt", "1");
        _failures["b"] = 1;
        IStepWork Spoiler() => new FakeStep(_project, "a", _ => Do("a", () => _project.Write("in.txt", Guid.NewGuid().ToString()))) { Inputs = ["in.txt"] };
        List<StepOutcome> outcomes = Outcomes(_project.Settings(), [Spoiler(), Step("b")]);
        Assert.Equal(DiagnosticCodes.InputChanged, outcomes[0].Warning?.Code);
        Assert.Contains("in.txt", outcomes[0].Warning!.Message);
        Assert.Equal(StepStatus.Completed, outcomes[0].Status);
        Ran();
        WorkflowRun second = Resume([Spoiler(), Step("b")]);
        Assert.Equal("a b", Ran());
        Assert.Contains("changed while it ran", second.Steps[0].Reason);
    }

    [Fact]
    public void A_declared_output_that_is_not_made_fails_the_step()
    {
        List<StepOutcome> outcomes = Outcomes(_project.Settings(), [new FakeStep(_project, "a", _ => Do("a", () => { })) { Outputs = ["out.txt"] }]);
        Assert.Equal((StepStatus.Failed, DiagnosticCodes.OutputMissing), (outcomes[0].Status, outcomes[0].Failure?.Code));
        Assert.Contains("out.txt", outcomes[0].Failure!.Message);
    }

    [Fact]
    public void A_declared_input_that_is_missing_fails_the_step_before_it_begins()
    {
        List<StepOutcome> outcomes = Outcomes(_project.Settings(), [Step("a", inputs: ["missing.txt"])]);
        Assert.Equal((StepStatus.Failed, DiagnosticCodes.InputMissing, 0), (outcomes[0].Status, outcomes[0].Failure?.Code, outcomes[0].Attempts));
        Assert.Equal("", Ran());
    }

    [Fact]
    public void Recurring_names_are_told_apart_by_their_number()
    {
        _failures["b"] = 1;
        Build([Step("a", "1"), Step("a", "2"), Step("a", "3"), Step("b")]);
        Ran();
        WorkflowRun second = Resume([Step("a", "1"), Step("a", "changed"), Step("a", "3", inputs: ["."]), Step("b")]);
        Assert.Equal([null, "command changed: 2 → changed"], second.Steps.Take(2).Select(step => step.ResumedFrom is null ? step.Reason : null));
        Assert.Equal("a a b", Ran());
    }

    [Fact]
    public void After_a_kill_the_step_that_ran_runs_again_and_those_before_it_do_not()
    {
        WorkflowRun killed = WorkflowRun.Start(_project.Settings(), _project.Time);
        using (StepReuse reuse = new(killed, _project.Time))
        {
            Runner(killed, reuse).Run(Definition("a", 1, critical: true), Step("a"), CancellationToken.None);
            StepRecord step = killed.Begin("b", critical: true);
            killed.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=x");
        }

        killed.Dispose();
        Ran();
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        WorkflowRun second = Resume("a", "b");
        Assert.Equal("b", Ran());
        Assert.Equal((killed.Id, RunStatus.Running), (second.Previous!.Id, second.Previous.Status));
        Assert.Equal(["KINETRA_ATTEMPT_ID=x"], second.Previous.LivingMarks);
        Assert.Equal($"interrupted in run {killed.Id}", second.Steps[1].Reason);
    }

    [Fact]
    public void A_step_that_cannot_even_begin_undoes_nothing()
    {
        _project.Write("in.txt", "1");
        _failures["b"] = 1;
        Build([Step("a", inputs: ["in.txt"]), Step("b")]);
        Ran();
        File.Delete(_project.Folder["in.txt"]);
        Resume([Step("a", inputs: ["in.txt"]), Step("b")]);
        Assert.Equal("", Ran());
        _project.Write("in.txt", "1");
        Resume([Step("a", inputs: ["in.txt"]), Step("b")]);
        Assert.Equal("b", Ran());
    }

    private string Ran()
    {
        string ran = string.Join(' ', _ran);
        _ran.Clear();
        return ran;
    }

    private WorkflowRun Build(params string[] steps) => Build(1, steps);

    private WorkflowRun Build(int attempts, params string[] steps) => Run(_project.Settings(), attempts, [.. steps.Select(name => Step(name))]);

    private WorkflowRun Build(IReadOnlyList<IStepWork> steps, int inGraph = 0) => Run(_project.Settings(), 1, steps, inGraph: inGraph);

    private WorkflowRun Resume(params string[] steps) => Resume([.. steps.Select(name => Step(name))]);

    private WorkflowRun Resume(IReadOnlyList<IStepWork> steps, int inGraph = 0) => Run(_project.Settings() with { Resume = true }, 1, steps, inGraph: inGraph);

    // As the targets form does it: in order, until a critical step fails. The first ones may be of a graph in which nothing depends on anything.
    private WorkflowRun Run(RunSettings settings, int attempts, IReadOnlyList<IStepWork> steps, bool critical = true, RunStatus? status = null, int inGraph = 0)
    {
        using WorkflowRun run = WorkflowRun.Start(settings, _project.Time);
        using StepReuse reuse = new(run, _project.Time);
        bool failed = false;
        for (int i = 0; i < steps.Count; i++)
        {
            failed = Runner(run, reuse).Run(Definition(steps[i].Identify(1).Step, attempts, critical), steps[i], CancellationToken.None, i < inGraph ? new StepContext([]) : null).Status != StepStatus.Completed && critical;
            if (failed)
            {
                break;
            }
        }

        run.Finish(status ?? (failed ? RunStatus.Failed : RunStatus.Completed));
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        return run;
    }

    private List<StepOutcome> Outcomes(RunSettings settings, IReadOnlyList<IStepWork> steps)
    {
        using WorkflowRun run = WorkflowRun.Start(settings, _project.Time);
        using StepReuse reuse = new(run, _project.Time);
        List<StepOutcome> outcomes = [.. steps.Select(step => Runner(run, reuse).Run(Definition(step.Identify(1).Step, 1, critical: true), step, CancellationToken.None))];
        run.Finish(RunStatus.Failed);
        _project.Time.Advance(TimeSpan.FromSeconds(5));
        return outcomes;
    }

    private StepRunner Runner(WorkflowRun run, StepReuse reuse) => new(run, reuse, _project.Time, () => 0, (_, _) => { });

    private static StepDefinition Definition(string name, int attempts, bool critical) =>
        new(name, critical, new RetryPolicy(attempts, TimeSpan.Zero, TimeSpan.Zero), new RetryExitCodes([], []), null);

    private FakeStep Step(string name, string command = "do it", string[]? inputs = null) =>
        new(_project, name, _ => Do(name, () => { })) { Command = command, Inputs = inputs ?? [] };

    private FakeStep Copier(string name, string from, string to) =>
        new(_project, name, _ => Do(name, () => _project.Write(to, _project.Folder.Read(from)))) { Inputs = [from], Outputs = [to] };

    private FakeStep Writer(string name, string file, string content) =>
        new(_project, name, _ => Do(name, () => _project.Write(file, content))) { Command = "write " + content, Outputs = [file] };

    private AttemptResult Do(string name, Action action)
    {
        _ran.Add(name);
        if (_failures.TryGetValue(name, out int left) && left > 0)
        {
            _failures[name] = left - 1;
            return FakeStep.Failure;
        }

        action();
        return FakeStep.Success;
    }
}
