using System.Collections.Concurrent;
using System.Globalization;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Workflows;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>
/// Random graphs that are changed in random ways, planned and run, again and again: what the plan is sure of happens. The seed of one that is wrong is in
/// the message. <c>KINETRA_PROPERTY_CASES</c> sets how many there are.
/// </summary>
public sealed class PlanModelTests
{
    private const int Rounds = 12;

    [Fact]
    public void What_a_plan_is_sure_of_happens_in_its_order_whatever_was_changed_before()
    {
        ConcurrentQueue<string> wrong = [];
        Parallel.For(0, PropertyCases.Sequences / 5, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            Random random = new((int)seed);
            using PlanScene scene = new();
            AddSteps(scene, random);
            List<string> changes = [];
            for (int round = 0; round < Rounds; round++)
            {
                changes.Clear();
                for (int i = random.Next(4); i > 0; i--)
                {
                    changes.Add(Change(scene, random));
                }

                scene.MaxParallel = random.Next(3) == 0 ? 3 : 1;
                scene.KeepsGoing = random.Next(3) == 0;
                scene.Resume = random.Next(2) == 0;
                scene.Selected.Clear();
                if (random.Next(5) == 0)
                {
                    scene.Selected.UnionWith(scene.Steps.Where(_ => random.Next(3) > 0).Select(step => step.Name).Append(scene.Steps[0].Name));
                }

                IReadOnlyList<(string Name, PlannedAction Action, string Reason)> plan = scene.Plan();
                foreach (string problem in Problems(scene, plan, scene.Run()))
                {
                    wrong.Enqueue($"seed {seed}, round {round} ({string.Join(", ", changes)}; {scene.MaxParallel} at a time{(scene.KeepsGoing ? ", keeps going" : "")}{(scene.Resume ? ", resumed" : "")}): {problem}");
                }
            }
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(20)));
    }

    private static IEnumerable<string> Problems(PlanScene scene, IReadOnlyList<(string Name, PlannedAction Action, string Reason)> plan, IReadOnlyList<StepRecord> run)
    {
        // What fails when it runs is not foreseen, nor what is not run because of that.
        bool isForeseen = run.All(step => step.Status != StepStatus.Failed || plan.Single(planned => planned.Name == step.Name).Action == PlannedAction.Fail);
        foreach ((string name, PlannedAction action, string reason) in plan)
        {
            StepRecord step = run.Single(step => step.Name == name);
            bool isSkipped = step.Status == StepStatus.Skipped;
            bool isRight = action switch
            {
                PlannedAction.Run => PlanScene.HasRun(step) || (isSkipped && !isForeseen),
                PlannedAction.Reuse => !PlanScene.HasRun(step) && (!isSkipped || !isForeseen || plan.Any(other => other.Action == PlannedAction.Fail)),
                PlannedAction.Fail => step.Status == StepStatus.Failed || isSkipped,
                PlannedAction.Skip => isSkipped && (step.Reason == reason || scene.MaxParallel > 1 || !isForeseen),
                _ => true,
            };
            if (!isRight)
            {
                yield return $"{name} {action}: {reason}; but {step.Status}: {step.Reason}";
            }
        }

        if (scene.MaxParallel == 1 && isForeseen && !plan.Select(step => step.Name).SequenceEqual(run.Select(step => step.Name)))
        {
            yield return $"the order is not {string.Join(' ', plan.Select(step => step.Name))}, but {string.Join(' ', run.Select(step => step.Name))}";
        }
    }

    private static void AddSteps(PlanScene scene, Random random)
    {
        for (int i = 0; i < 3; i++)
        {
            scene.Write($"source{i}", "0");
        }

        for (int i = random.Next(3, 9); i > 0; i--)
        {
            scene.Steps.Add(Step(scene.Steps, random));
        }
    }

    // Steps of all kinds: with inputs and outputs, with either, with neither, with files that they do not declare.
    private static PlanStep Step(List<PlanStep> before, Random random)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"step{before.Count}");
        int kind = random.Next(8);
        List<string> inputs = [.. Enumerable.Range(0, 3).Where(_ => random.Next(3) == 0).Select(i => $"source{i}")];
        List<string> dependsOn = [];
        foreach (PlanStep other in before.Where(_ => random.Next(5) < 2))
        {
            string? made = other.Outputs.Count > 0 ? other.Outputs[random.Next(other.Outputs.Count)] : other.Undeclared;
            if (made is null || other.Outputs.Count == 0 || random.Next(4) == 0)
            {
                dependsOn.Add(random.Next(3) == 0 ? other.Name + "!" : other.Name);
            }

            if (made is not null)
            {
                inputs.Add(made);
            }
        }

        return new PlanStep(name)
        {
            DependsOn = dependsOn,
            Inputs = kind is 0 or 1 ? [] : inputs,
            Outputs = kind is 1 or 2 ? [] : random.Next(3) == 0 ? [$"out/{name}/a", $"out/{name}/b"] : [$"out/{name}"],
            Undeclared = kind is 1 or 2 && random.Next(2) == 0 ? $"undeclared-{name}" : null,
            UsesCache = random.Next(8) > 0,
            IsCritical = random.Next(6) > 0,
            Priority = random.Next(4) == 0 ? random.Next(-1, 3) : 0,
        };
    }

    private static string Change(PlanScene scene, Random random)
    {
        PlanStep step = scene.Steps[random.Next(scene.Steps.Count)];
        string content = random.Next(3).ToString(CultureInfo.InvariantCulture);
        string[] made = [.. step.Outputs.Append(step.Undeclared ?? "").Where(file => File.Exists(scene[file]))];
        switch (random.Next(12))
        {
            case < 3:
                string source = $"source{random.Next(3)}";
                scene.Write(source, content);
                return $"{source} = {content}";
            case 3 when made.Length > 0:
                Array.ForEach(made, scene.Delete);
                return $"{string.Join(' ', made)} deleted";
            case 4 when made.Length > 0:
                scene.Write(made[0], "edited");
                return $"{made[0]} edited";
            case 5 or 6:
                step.Command = $"do it {content}";
                return $"{step.Name} does it {content}";
            case 7:
                scene.Write($"fail-{step.Name}", "");
                return $"{step.Name} fails";
            case 8:
                scene.Steps.ForEach(one => scene.Delete($"fail-{one.Name}"));
                return "nothing fails any more";
            case 9 when random.Next(2) == 0:
                string gone = $"source{random.Next(3)}";
                scene.Delete(gone);
                return $"{gone} deleted";
            case 10 when random.Next(4) == 0:
                scene.Clear(".workflow_cache");
                return "no cache";
            case 11 when random.Next(4) == 0:
                scene.Clear(TestProject.State);
                return "no state";
            default:
                return "nothing";
        }
    }
}
