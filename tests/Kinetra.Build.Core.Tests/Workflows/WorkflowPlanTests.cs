using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Workflows;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>What a plan says of a step, and that the run behind it does that.</summary>
public sealed class WorkflowPlanTests : IDisposable
{
    private readonly PlanScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void What_a_step_that_runs_may_make_as_it_was_makes_no_step_behind_it_certain_to_run()
    {
        _scene.Steps.AddRange(
        [
            new PlanStep("make") { Outputs = ["made"] },
            new PlanStep("use") { Inputs = ["made"], Outputs = ["used"] },
        ]);
        Run(("make", true), ("use", true));

        _scene.Write("made", "edited");
        Assert.Equal((PlannedAction.PerhapsRun, "input made changed, but depends on what \"make\" makes, which runs before it"), _scene.PlanOf("use"));
        Run(("make", true), ("use", false));

        _scene.Delete("made");
        Assert.Equal((PlannedAction.PerhapsRun, "depends on what \"make\" makes, which runs before it"), _scene.PlanOf("use"));
        Run(("make", true), ("use", false));
    }

    [Fact]
    public void A_file_that_a_step_without_outputs_may_make_is_as_unsettled_as_a_declared_one()
    {
        _scene.Steps.AddRange(
        [
            new PlanStep("make") { Undeclared = "made" },
            new PlanStep("use") { DependsOn = ["make"], Inputs = ["made"], Outputs = ["used"] },
        ]);
        Run(("make", true), ("use", true));

        _scene.Write("made", "edited");
        Assert.Equal(PlannedAction.PerhapsRun, _scene.PlanOf("use").Action);
        Run(("make", true), ("use", false));
    }

    [Fact]
    public void A_change_of_what_no_step_makes_is_certain_until_the_cache_knows_another_state_of_the_step()
    {
        _scene.Write("source", "1");
        _scene.Steps.AddRange(
        [
            new PlanStep("make") { Outputs = ["made"] },
            new PlanStep("use") { Inputs = ["made", "source"], Outputs = ["used"] },
        ]);
        Run(("make", true), ("use", true));

        _scene.Write("source", "2");
        Assert.Equal((PlannedAction.Run, "input source changed"), _scene.PlanOf("use"));
        Run(("make", true), ("use", true));

        // Now it is edited in both, and the cache knows the second with the first.
        _scene.Write("source", "1");
        _scene.Write("made", "edited");
        Assert.Equal(PlannedAction.PerhapsRun, _scene.PlanOf("use").Action);
        Run(("make", true), ("use", false));
    }

    [Fact]
    public void A_changed_command_is_certain_and_so_is_a_step_that_nothing_knows()
    {
        _scene.Steps.AddRange(
        [
            new PlanStep("make") { Outputs = ["made"] },
            new PlanStep("use") { Inputs = ["made"], Outputs = ["used"] },
        ]);
        Assert.Equal((PlannedAction.Run, "what it reads is not there yet; \"make\" runs before it"), _scene.PlanOf("use"));
        Run(("make", true), ("use", true));

        _scene.Steps[1].Command = "do it otherwise";
        Assert.Equal((PlannedAction.Run, "command changed: do it → do it otherwise"), _scene.PlanOf("use"));
        Run(("make", true), ("use", true));

        _scene.Delete("made");
        _scene.Clear(".workflow_cache");
        Assert.Equal((PlannedAction.Run, "what it reads is not there yet; \"make\" runs before it"), _scene.PlanOf("use"));
        Run(("make", true), ("use", true));
    }

    [Fact]
    public void A_step_that_is_known_as_things_are_perhaps_runs_if_what_it_reads_comes_back_from_the_cache()
    {
        _scene.Write("source", "1");
        _scene.Steps.AddRange(
        [
            new PlanStep("make") { Inputs = ["source"], Outputs = ["made", "log"] },
            new PlanStep("use") { Inputs = ["made"], Outputs = ["used"] },
        ]);
        Run(("make", true), ("use", true));
        string first = File.ReadAllText(_scene["made"]);
        _scene.Write("source", "2");
        _scene.Write("fail-use", "");
        Assert.Equal(StepStatus.Failed, _scene.Run()[^1].Status);
        _scene.Delete("fail-use");

        _scene.Write("made", first);
        Assert.Equal((PlannedAction.PerhapsRun, "depends on what \"make\" makes, which comes back from the cache before it"), _scene.PlanOf("use"));
        Run(("make", false), ("use", true));

        // Of what comes back it reads nothing.
        _scene.Delete("log");
        Assert.Equal(PlannedAction.Reuse, _scene.PlanOf("use").Action);
        Run(("make", false), ("use", false));
    }

    [Fact]
    public void Steps_stand_in_the_order_in_which_they_start_whether_they_are_run_or_not()
    {
        _scene.Write("source", "1");
        _scene.Steps.AddRange(
        [
            new PlanStep("first") { ExpectedDuration = TimeSpan.FromSeconds(1) },
            new PlanStep("long") { Inputs = ["source"], Outputs = ["made"], ExpectedDuration = TimeSpan.FromSeconds(3) },
            new PlanStep("second") { ExpectedDuration = TimeSpan.FromSeconds(2) },
        ]);
        _scene.RemembersDurations = false;
        Run(("long", true), ("second", true), ("first", true));
        Assert.Equal(
            [("long", PlannedAction.Reuse), ("second", PlannedAction.Run), ("first", PlannedAction.Run)],
            _scene.Plan().Select(step => (step.Name, step.Action)));
        Run(("long", false), ("second", true), ("first", true));
    }

    [Theory]
    [InlineData(1, false, PlannedAction.Run, PlannedAction.Skip)]
    [InlineData(1, true, PlannedAction.Run, PlannedAction.Run)]
    [InlineData(2, false, PlannedAction.PerhapsRun, PlannedAction.PerhapsRun)]
    [InlineData(2, true, PlannedAction.Run, PlannedAction.Run)]
    public void Behind_a_step_that_fails_steps_are_skipped_for_the_reason_that_the_run_gives(int maxParallel, bool keepsGoing, PlannedAction early, PlannedAction other)
    {
        (_scene.MaxParallel, _scene.KeepsGoing) = (maxParallel, keepsGoing);
        AddFailing();
        _scene.Write("source", "1");
        IReadOnlyList<(string Name, PlannedAction Action, string Reason)> plan = _scene.Plan();
        Assert.Equal(
            [("early", early), ("fails", PlannedAction.Fail), ("behind", PlannedAction.Skip), ("last", PlannedAction.Skip), ("other", other), ("always", PlannedAction.Run)],
            _scene.Steps.Select(step => (step.Name, plan.Single(planned => planned.Name == step.Name).Action)));

        IReadOnlyList<StepRecord> run = _scene.Run();
        Assert.All(plan.Where(step => step.Action == PlannedAction.Skip), step =>
        {
            StepRecord record = run.Single(record => record.Name == step.Name);
            Assert.Equal((StepStatus.Skipped, step.Reason), (record.Status, record.Reason));
        });
        if (maxParallel == 1)
        {
            Assert.Equal(plan.Select(step => step.Name), run.Select(step => step.Name));
        }
    }

    [Fact]
    public void A_failure_that_is_allowed_skips_only_what_demands_success()
    {
        _scene.Steps.AddRange(
        [
            new PlanStep("fails") { Inputs = ["missing"], Outputs = ["a"], IsCritical = false },
            new PlanStep("behind") { DependsOn = ["fails"] },
            new PlanStep("demands") { DependsOn = ["fails!"] },
        ]);
        Assert.Equal(
            [("fails", PlannedAction.Fail), ("demands", PlannedAction.Skip), ("behind", PlannedAction.Run)],
            _scene.Plan().Select(step => (step.Name, step.Action)));
        Run(("fails", true), ("demands", false), ("behind", true));
    }

    [Fact]
    public void What_is_not_up_to_date_is_counted_by_what_would_become_of_it()
    {
        AddFailing();
        _scene.Write("source", "1");
        Assert.StartsWith("Of 6 steps 2 would be run, 1 would fail, 3 would be skipped; \"early\", for one: ", _scene.WhyNotUpToDate());
        _scene.Steps.RemoveAll(step => step.Name != "fails");
        _scene.Steps[0] = _scene.Steps[0] with { DependsOn = [] };
        Assert.Equal(
            "Of 1 step 1 would fail; \"fails\", for one: KIN4007: The input missing of the step \"fails\" does not exist. Check the path, which is relative to the project; let the step that makes it come before this one; or take it out of Inputs. -t:KinetraPlan lists them all.",
            _scene.WhyNotUpToDate());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cut")]
    [InlineData(null)]
    public void An_output_that_is_gone_does_not_come_back_from_a_content_that_is_gone_or_was_cut(string? content)
    {
        _scene.Write("source", "1");
        _scene.Steps.Add(new PlanStep("make") { Inputs = ["source"], Outputs = ["made"] });
        Run(("make", true));
        _scene.Delete("made");
        Assert.Equal(PlannedAction.Reuse, _scene.PlanOf("make").Action);

        string kept = Assert.Single(Directory.GetFiles(_scene[".workflow_cache/objects"], "*", SearchOption.AllDirectories));
        File.Delete(kept);
        if (content is not null)
        {
            File.WriteAllText(kept, content);
        }

        Assert.Equal((PlannedAction.Run, "output made is gone, and the cache does not have all of it any more"), _scene.PlanOf("make"));
        Run(("make", true));

        // The content that was kept then is whole.
        _scene.Delete("made");
        Assert.Equal(PlannedAction.Reuse, _scene.PlanOf("make").Action);
        Run(("make", false));
    }

    private void AddFailing() => _scene.Steps.AddRange(
    [
        new PlanStep("early") { Inputs = ["source"], Outputs = ["made"], Priority = 2 },
        new PlanStep("fails") { Inputs = ["missing"], Outputs = ["a"], Priority = 1 },
        new PlanStep("behind") { Inputs = ["a"], Outputs = ["b"] },
        new PlanStep("last") { DependsOn = ["behind!"] },
        new PlanStep("other"),
        new PlanStep("always") { Always = true },
    ]);

    private void Run(params (string Step, bool HasRun)[] expected) =>
        Assert.Equal(expected, _scene.Run().Select(step => (step.Name, PlanScene.HasRun(step))));
}
