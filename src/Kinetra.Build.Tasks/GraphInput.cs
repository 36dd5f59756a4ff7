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
    /// <param name="tell">Of several items that are wrong, is told all but the last, whose error is thrown: a user need not build again for each.</param>
    /// <exception cref="KinetraException">What is wrong with a step or pool, or with the steps as a whole.</exception>
    public static GraphInput Read(ITaskItem[] steps, ITaskItem[] pools, ProjectSettings settings, Action<KinetraException> tell)
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

        List<string> misspelt = [.. names.Misspelt];
        Dictionary<string, int> limits = LimitsOf(pools, misspelt, problems);
        if (problems.Count > 0)
        {
            throw LastOf(problems, tell);
        }

        return new GraphInput(items, parameters, StepGraph.Create(settings.ProjectDirectory, nodes, limits.Keys), limits, misspelt);
    }

    private static KinetraException LastOf(List<KinetraException> problems, Action<KinetraException> tell)
    {
        int last = Math.Min(problems.Count, MostProblems) - 1;
        problems.Take(last).ToList().ForEach(tell);
        return problems.Count == last + 1
            ? problems[last]
            : new KinetraException(problems[last].Code, $"{problems[last].Message} (And {problems.Count - last - 1} more steps or pools are wrong.)", problems[last]);
    }

    private static Dictionary<string, int> LimitsOf(ITaskItem[] pools, List<string> misspelt, List<KinetraException> problems)
    {
        Dictionary<string, int> limits = [];
        foreach (ITaskItem pool in pools)
        {
            try
            {
                int limit = LimitOf(pool, misspelt);
                if (!limits.TryAdd(pool.ItemSpec, limit))
                {
                    throw new KinetraException(DiagnosticCodes.InvalidGraph, $"There are two pools \"{pool.ItemSpec}\", with the limits {limits[pool.ItemSpec]} and {limit}. Keep one of the two; <KinetraPool Update=\"{pool.ItemSpec}\" Limit=\"…\" /> changes the one that there is.");
                }
            }
            catch (KinetraException problem)
            {
                problems.Add(problem);
            }
        }

        return limits;
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
