using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Workflows;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>Graphs of steps by chance with everything that a user can say of them, the same ones for the same seed.</summary>
internal static class RandomWorkflow
{
    /// <summary>Makes one.</summary>
    /// <param name="project">Where.</param>
    /// <param name="seed">Chooses it.</param>
    /// <param name="mostSucceed">Whether in two of three nothing fails for good.</param>
    public static TestWorkflow Of(TestProject project, int seed, bool mostSucceed)
    {
        Random random = new(seed);
        int count = random.Next(1, 26);
        double density = random.NextDouble() * 2.5;
        double failures = !mostSucceed || random.Next(3) == 0 ? random.NextDouble() * .3 : 0;
        int always = random.Next(2) == 0 ? Math.Max(count - random.Next(4), 1) : count;
        bool selectsAll = random.Next(3) != 0;
        GraphStep[] steps = new GraphStep[count];
        Behaviour[] behaviours = new Behaviour[count];
        bool[] selected = new bool[count];
        for (int i = 0; i < count; i++)
        {
            selected[i] = selectsAll || random.Next(6) != 0;
            steps[i] = new GraphStep(Name(i))
            {
                DependsOn = DependenciesOf(random, i, density, selected, i >= always),
                IsCritical = random.Next(3) != 0,
                Always = i >= always,
                Priority = random.Next(4) == 0 ? random.Next(-2, 3) : 0,
                Pool = random.Next(7) switch { 0 => "gpu", 1 => "net", _ => null },
            };
            behaviours[i] = BehaviourOf(random, failures);
        }

        Dictionary<string, int> pools = new() { ["gpu"] = 1, ["net"] = random.Next(1, 4) };
        WorkflowOptions options = new(random.Next(1, 7), pools, TimeSpan.FromSeconds(30)) { KeepsGoing = random.Next(2) == 0, CancelsOnFailure = random.Next(2) == 0 };
        return new TestWorkflow(StepGraph.Create(project.Folder.Root, steps, pools.Keys), behaviours, selected, options);
    }

    private static string Name(int index) => $"step {index}";

    private static Behaviour BehaviourOf(Random random, double failures)
    {
        int maxAttempts = random.Next(3) == 0 ? random.Next(2, 4) : 1;
        int failed = random.NextDouble() < failures ? maxAttempts : maxAttempts > 1 ? random.Next(maxAttempts) : 0;
        return new Behaviour(failed, maxAttempts, random.Next(3) == 0 ? random.Next(20) : 0, random.Next(6) == 0);
    }

    // What runs last demands success only of what takes part: whether a step that does not has been passed when the run halts, nobody can tell.
    private static List<string> DependenciesOf(Random random, int step, double density, bool[] selected, bool always)
    {
        List<string> names = [];
        for (int k = 0; step > 0 && k < 5; k++)
        {
            if (random.NextDouble() < density / 5)
            {
                int other = random.Next(step);
                bool isDemanded = random.Next(4) == 0 && (!always || selected[other]);
                names.Add(Name(other) + (isDemanded ? "!" : ""));
            }
        }

        return names;
    }
}
