using Kinetra.Build.Core;
using Kinetra.Build.Core.Graphs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>The steps of a project in the steps form, read from its items and checked as a whole.</summary>
/// <param name="Items">The steps, in the order of the items.</param>
/// <param name="Parameters">What is to be done for each.</param>
/// <param name="Graph">How they depend on each other.</param>
/// <param name="Pools">How many steps of each pool may run at a time.</param>
/// <param name="Misspelt">Sentences about metadata that mean nothing but look like some that do.</param>
internal sealed record GraphInput(IReadOnlyList<StepItem> Items, IReadOnlyList<StepParameters> Parameters, StepGraph Graph, IReadOnlyDictionary<string, int> Pools, IReadOnlyList<string> Misspelt)
{
    private const int MostProblems = 10;
    private const string Limit = "Limit";

    /// <summary>Reads and checks.</summary>
    /// <param name="steps">The <c>KinetraStep</c> items.</param>
    /// <param name="pools">The <c>KinetraPool</c> items.</param>
    /// <param name="settings">The project's settings.</param>
    /// <exception cref="KinetraException">What is wrong with a step, or with the steps as a whole.</exception>
    public static GraphInput Read(ITaskItem[] steps, ITaskItem[] pools, ProjectSettings settings)
    {
        StepMetadata names = new();
        List<StepItem> items = new(steps.Length);
        List<StepParameters> parameters = new(steps.Length);
        List<GraphStep> nodes = new(steps.Length);
        List<KinetraException> problems = [];
        foreach (ITaskItem step in steps)
        {
            try
            {
                StepItem item = StepItem.Read(step, names);
                items.Add(item);
                nodes.Add(item.Node);
                parameters.Add(StepParameters.Parse(item.Input, settings));
            }
            catch (KinetraException problem)
            {
                problems.Add(problem);
            }
        }

        if (problems.Count > 0)
        {
            throw Together(problems);
        }

        Dictionary<string, int> limits = [];
        List<string> misspelt = [.. names.Misspelt];
        foreach (ITaskItem pool in pools)
        {
            limits[pool.ItemSpec] = LimitOf(pool, misspelt);
        }

        return new GraphInput(items, parameters, StepGraph.Create(settings.ProjectDirectory, nodes, limits.Keys), limits, misspelt);
    }

    // One error that tells all, so that a user need not build again for each.
    private static KinetraException Together(List<KinetraException> problems)
    {
        if (problems.Count == 1)
        {
            return problems[0];
        }

        IEnumerable<string> shown = problems.Take(MostProblems).Select((problem, i) => i == 0 ? problem.Message : $"{problem.Code}: {problem.Message}");
        string more = problems.Count > MostProblems ? $"\nand {problems.Count - MostProblems} more" : "";
        return new KinetraException(problems[0].Code, string.Join('\n', shown) + more, problems[0]);
    }

    private static int LimitOf(ITaskItem pool, List<string> misspelt)
    {
        foreach (string name in pool.CloneCustomMetadata().Keys)
        {
            if (!name.Equals(Limit, StringComparison.OrdinalIgnoreCase) && NearestName.Find(name, [Limit]) is not null)
            {
                misspelt.Add($"The pool \"{pool.ItemSpec}\" has the metadata {name}, which means nothing to KinetraPool. Did you mean {Limit}?");
            }
        }

        string text = pool.GetMetadata(Limit).Trim();
        if (text.Length == 0)
        {
            return 1;
        }

        return CountText.TryParse(text, out int limit)
            ? limit
            : throw new KinetraException(DiagnosticCodes.InvalidGraph, $"Limit of the pool \"{pool.ItemSpec}\": \"{text}\" is not a whole number of 1 or more. It says how many of its steps may run at a time; the default is 1.");
    }
}
