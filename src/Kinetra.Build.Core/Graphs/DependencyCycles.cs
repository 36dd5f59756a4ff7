using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Graphs;

/// <summary>Finds the cycles of a graph that has some, a shortest one of each set of steps that all wait for each other.</summary>
internal sealed class DependencyCycles
{
    // A search through some millions of dependencies takes a moment. Beyond that the shortest cycle found so far is told.
    private const int MostVisits = 5_000_000;

    // Of a longer path, its beginning and its end are shown.
    private const int LongestPath = 12;

    private const int Beginning = 7;

    private const int End = 3;

    private readonly IReadOnlyList<GraphStep> _steps;

    private readonly Dependency[][] _dependencies;

    // Steps of one component all wait for each other; -1 for those in no cycle.
    private readonly int[] _components;

    // Of the search that goes on: from which step each was reached, and in which search.
    private readonly int[] _from;

    private readonly int[] _search;

    private int _searches;

    private int _visits;

    private DependencyCycles(IReadOnlyList<GraphStep> steps, Dependency[][] dependencies)
    {
        (_steps, _dependencies) = (steps, dependencies);
        _components = StrongComponents.Find(dependencies);
        _from = new int[steps.Count];
        _search = new int[steps.Count];
    }

    /// <summary>Describes the cycles, the shortest first.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="dependencies">Of each step; at least one cycle is among them.</param>
    /// <returns><see cref="DiagnosticCodes.DependencyCycle"/>.</returns>
    public static KinetraException Describe(IReadOnlyList<GraphStep> steps, Dependency[][] dependencies)
    {
        DependencyCycles search = new(steps, dependencies);
        List<List<int>> cycles = [.. search.Find().OrderBy(cycle => cycle.Count).ThenBy(cycle => cycle[0])];
        Problems problems = new(DiagnosticCodes.DependencyCycle);
        bool isImplied = false;
        foreach (List<int> cycle in cycles)
        {
            problems.Add(problems.ShowsNext ? search.Text(cycle, ref isImplied) : null);
        }

        return problems.Error(isImplied
            ? "Each step depends on the one behind its arrow; a file in brackets is an input that the step before it is an output of, and makes the one depend on the other without DependsOn. Take a DependsOn out, or narrow the Inputs or Outputs."
            : "Each step depends on the one behind its arrow. Take one of these DependsOn out.");
    }

    private List<List<int>> Find()
    {
        List<int>?[] shortest = new List<int>?[_steps.Count];
        for (int step = 0; step < _steps.Count; step++)
        {
            int component = _components[step];
            if (component < 0 || (shortest[component] is not null && _visits > MostVisits))
            {
                continue;
            }

            if (Search(step, shortest[component]?.Count ?? int.MaxValue) is { } cycle)
            {
                shortest[component] = cycle;
            }
        }

        return [.. shortest.Where(cycle => cycle is not null).Select(cycle => cycle!)];
    }

    // The shortest way from a step back to itself, by breadth-first search; null if it is not below the limit.
    private List<int>? Search(int start, int limit)
    {
        _searches++;
        Queue<int> queue = new([start]);
        int depth = 1;
        int level = 1;
        while (queue.Count > 0)
        {
            if (level == 0)
            {
                (level, depth) = (queue.Count, depth + 1);
            }

            if (depth >= limit)
            {
                return null;
            }

            level--;
            int step = queue.Dequeue();
            foreach (Dependency dependency in _dependencies[step])
            {
                _visits++;
                int next = dependency.Step;
                if (next == start)
                {
                    return Path(start, step);
                }

                if (_components[next] == _components[start] && _search[next] != _searches)
                {
                    (_search[next], _from[next]) = (_searches, step);
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    private List<int> Path(int start, int last)
    {
        List<int> path = [];
        for (int step = last; step != start; step = _from[step])
        {
            path.Add(step);
        }

        path.Add(start);
        path.Reverse();
        return path;
    }

    private string Text(List<int> cycle, ref bool isImplied)
    {
        StringBuilder text = new(Problems.Shorten(_steps[cycle[0]].Name));
        for (int i = 0; i < cycle.Count; i++)
        {
            if (cycle.Count > LongestPath && i >= Beginning && i < cycle.Count - End)
            {
                text.Append(CultureInfo.InvariantCulture, $" → … {cycle.Count - End - Beginning} more …");
                i = cycle.Count - End;
            }

            int next = cycle[(i + 1) % cycle.Count];
            text.Append(" → ").Append(Problems.Shorten(_steps[next].Name));
            foreach (Dependency dependency in _dependencies[cycle[i]])
            {
                if (dependency.Step == next && dependency.File is { } file)
                {
                    text.Append(" (").Append(Problems.Shorten(file)).Append(')');
                    isImplied = true;
                }
            }
        }

        return text.Append('.').ToString();
    }
}
