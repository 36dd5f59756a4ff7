namespace Kinetra.Build.Core.Graphs;

/// <summary>Works out which steps a <see cref="Selection"/> stands for.</summary>
internal static class StepSelection
{
    /// <summary>Selects.</summary>
    /// <param name="graph">The steps.</param>
    /// <param name="selection">What the user asked for.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnknownSelection"/>.</exception>
    public static bool[] Select(StepGraph graph, Selection selection)
    {
        Problems problems = new(DiagnosticCodes.UnknownSelection);
        bool[]? only = Named(graph, "KinetraOnly", selection.Only, problems);
        bool[]? skip = Named(graph, "KinetraSkip", selection.Skip, problems);
        bool[]? from = Named(graph, "KinetraFrom", selection.From, problems);
        bool[]? until = Named(graph, "KinetraUntil", selection.Until, problems);
        problems.Throw("Case matters; * stands for any text and ? for any character.");
        Spread(from, graph.DependentsOf);
        Spread(until, step => graph.DependenciesOf(step).Select(dependency => dependency.Step));

        int count = graph.Steps.Count;
        bool[] selected = new bool[count];
        bool isEmpty = true;
        for (int step = 0; step < count; step++)
        {
            selected[step] = (only is null || only[step]) && (from is null || from[step]) && (until is null || until[step]) && (skip is null || !skip[step]);
            isEmpty &= !selected[step];
        }

        if (isEmpty && count > 0)
        {
            throw new KinetraException(DiagnosticCodes.UnknownSelection, $"No step is left to run: {Describe(selection)}. Each of these has steps, but no step fulfils all of them.");
        }

        // What always runs is no part of what was asked for, so it does not make up for an empty selection.
        for (int step = 0; step < count; step++)
        {
            selected[step] |= graph.Steps[step].Always && only is null && (skip is null || !skip[step]);
        }

        return selected;
    }

    // Null for an empty list, which restricts nothing.
    private static bool[]? Named(StepGraph graph, string property, IReadOnlyList<string> names, Problems problems)
    {
        if (names.Count == 0)
        {
            return null;
        }

        bool[] named = new bool[graph.Steps.Count];
        foreach (string name in names)
        {
            if (graph.Find(name) is { } step)
            {
                named[step] = true;
            }
            else if (!NamePattern.IsPattern(name))
            {
                problems.Add(problems.ShowsNext ? $"{property}: {Problems.Quote(name)} is no step.{NearestName.Hint(name, graph.Steps.Select(one => one.Name))}" : null);
            }
            else if (!AddMatches(graph, name, named))
            {
                problems.Add(problems.ShowsNext ? $"{property}: no step matches {Problems.Quote(name)}." : null);
            }
        }

        return named;
    }

    private static bool AddMatches(StepGraph graph, string pattern, bool[] named)
    {
        bool isMatched = false;
        for (int step = 0; step < named.Length; step++)
        {
            if (NamePattern.IsMatch(pattern, graph.Steps[step].Name))
            {
                named[step] = isMatched = true;
            }
        }

        return isMatched;
    }

    // Adds what can be reached.
    private static void Spread(bool[]? selected, Func<int, IEnumerable<int>> next)
    {
        if (selected is null)
        {
            return;
        }

        IndexStack open = new();
        for (int step = 0; step < selected.Length; step++)
        {
            if (selected[step])
            {
                open.Push(step);
            }
        }

        while (open.Count > 0)
        {
            foreach (int step in next(open.Pop()))
            {
                if (!selected[step])
                {
                    selected[step] = true;
                    open.Push(step);
                }
            }
        }
    }

    private static string Describe(Selection selection)
    {
        List<string> parts = [];
        Add("KinetraOnly", selection.Only);
        Add("KinetraSkip", selection.Skip);
        Add("KinetraFrom", selection.From);
        Add("KinetraUntil", selection.Until);
        return string.Join(", ", parts);

        void Add(string property, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                parts.Add($"{property}={Problems.Shorten(string.Join(';', names))}");
            }
        }
    }
}
