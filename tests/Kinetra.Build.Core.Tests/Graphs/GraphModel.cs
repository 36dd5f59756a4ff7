using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Graphs;

namespace Kinetra.Build.Core.Tests.Graphs;

/// <summary>The rules of <see cref="StepGraph"/> once more, as simple and slow as can be.</summary>
internal sealed class GraphModel
{
    // The patterns of RandomGraphTests stand for some of these, if they stand for any file.
    private static readonly string[] Paths = MakePaths();

    private static readonly Dictionary<string, bool[]> Matched = [];

    private readonly GraphStep[] _steps;

    /// <param name="steps">Steps whose names are unique, and their dependencies known.</param>
    public GraphModel(GraphStep[] steps)
    {
        _steps = steps;
        Edges = new bool[steps.Length, steps.Length];
        Reach = new bool[steps.Length, steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            for (int j = 0; j < steps.Length; j++)
            {
                Reach[i, j] = Edges[i, j] = IsNamed(steps[i], steps[j]) || (i != j && (steps[i].Always || !steps[j].Always) && Reads(steps[i], steps[j]));
            }
        }

        for (int k = 0; k < steps.Length; k++)
        {
            for (int i = 0; i < steps.Length; i++)
            {
                for (int j = 0; j < steps.Length; j++)
                {
                    Reach[i, j] |= Reach[i, k] && Reach[k, j];
                }
            }
        }
    }

    /// <summary>Whether the first waits for the second itself.</summary>
    public bool[,] Edges { get; }

    /// <summary>Whether it does so by way of others, too.</summary>
    public bool[,] Reach { get; }

    public bool HasCycle => Enumerable.Range(0, _steps.Length).Any(i => Reach[i, i]);

    public bool HasEarlyAlways => _steps.Any(step => !step.Always && _steps.Any(other => other.Always && IsNamed(step, other)));

    public bool HasConflict => _steps.Any(step => _steps.Any(other => step != other && step.Outputs.Any(one => other.Outputs.Any(two => IsConflict(one, two)))));

    public static bool IsNamed(GraphStep step, GraphStep other) => step.DependsOn.Contains(other.Name) || step.DependsOn.Contains(other.Name + "!");

    public int[] Order()
    {
        List<int> order = [];
        while (order.Count < _steps.Length)
        {
            order.Add(Enumerable.Range(0, _steps.Length).Where(i => !order.Contains(i) && Enumerable.Range(0, _steps.Length).All(j => !Edges[i, j] || order.Contains(j)))
                .OrderBy(i => _steps[i].Always).ThenBy(i => i).First());
        }

        return [.. order];
    }

    /// <summary>Null for a selection that is refused.</summary>
    public bool[]? Select(Selection selection)
    {
        if (selection.Only.Concat(selection.Skip).Concat(selection.From).Concat(selection.Until).Any(name => !_steps.Any(step => Means(name, step))))
        {
            return null;
        }

        bool[] chosen = [.. _steps.Select((step, i) =>
            (selection.Only.Count == 0 || selection.Only.Any(name => Means(name, step)))
            && (selection.From.Count == 0 || selection.From.Any(name => _steps.Where((from, j) => Means(name, from) && (i == j || Reach[i, j])).Any()))
            && (selection.Until.Count == 0 || selection.Until.Any(name => _steps.Where((until, j) => Means(name, until) && (i == j || Reach[j, i])).Any()))
            && !selection.Skip.Any(name => Means(name, step)))];
        return !chosen.Contains(true) ? null
            : [.. chosen.Select((isChosen, i) => isChosen || (_steps[i].Always && selection.Only.Count == 0 && !selection.Skip.Any(name => Means(name, _steps[i]))))];
    }

    // Names here have one digit, and patterns no more than a "*" in its place.
    private static bool Means(string name, GraphStep step) => name == step.Name || name == "s*";

    private static bool Reads(GraphStep step, GraphStep other) => step.Inputs.Any(input => other.Outputs.Any(output => Overlap(input, output)));

    // A plain path without a slash at its end is a file for a pattern with wildcards, unless what that names before its first wildcard shows that it is a directory.
    private static bool Overlap(string one, string two)
    {
        (string plain, string wild) = FilePattern.IsWild(two) ? (one, two) : (two, one);
        if (!FilePattern.IsWild(wild) || FilePattern.IsWild(plain) || plain.EndsWith('/'))
        {
            return MatchesOf(one).Zip(MatchesOf(two)).Any(both => both is (true, true));
        }

        (plain, wild) = (Normal(plain), Normal(wild));
        return FilePattern.Parse(Graph.Project, wild).Matches(Path.Combine(Graph.Project, plain)) || wild.StartsWith(plain + "/", StringComparison.Ordinal);
    }

    private static bool IsConflict(string one, string two)
    {
        (one, two) = (Normal(one), Normal(two));
        bool isWild = FilePattern.IsWild(one);
        return (isWild, FilePattern.IsWild(two)) switch
        {
            (true, true) => one == two,
            (false, false) => one == two || one.StartsWith(two + "/", StringComparison.Ordinal) || two.StartsWith(one + "/", StringComparison.Ordinal),
            _ => isWild ? IsInside(one, two) : IsInside(two, one),
        };

        static bool IsInside(string wild, string plain) =>
            FilePattern.Parse(Graph.Project, wild).Matches(Path.Combine(Graph.Project, plain)) || wild.StartsWith(plain + "/", StringComparison.Ordinal);
    }

    private static string Normal(string pattern) => (pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern).TrimEnd('/');

    private static bool[] MatchesOf(string pattern)
    {
        if (!Matched.TryGetValue(pattern, out bool[]? matches))
        {
            FilePattern parsed = FilePattern.Parse(Graph.Project, pattern);
            Matched[pattern] = matches = [.. Paths.Select(parsed.Matches)];
        }

        return matches;
    }

    private static string[] MakePaths()
    {
        List<string> paths = [Graph.Project];
        int begin = 0;
        for (int depth = 0; depth < 5; depth++)
        {
            int end = paths.Count;
            for (; begin < end; begin++)
            {
                string above = paths[begin];
                paths.AddRange(new[] { "a", "b", "ab" }.Select(name => Path.Combine(above, name)));
            }
        }

        return [.. paths];
    }
}
