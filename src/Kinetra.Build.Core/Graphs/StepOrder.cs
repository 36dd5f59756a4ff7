namespace Kinetra.Build.Core.Graphs;

/// <summary>Puts the steps of a graph into an order in which each comes after those that it depends on.</summary>
internal static class StepOrder
{
    /// <summary>Orders the steps; among those that could come next, the first one of the project does, and one with <c>Always</c> after all others.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="dependencies">Of each step.</param>
    /// <param name="dependents">Of each step.</param>
    /// <returns>Their indices; fewer than there are if the graph has a cycle.</returns>
    public static int[] Sort(IReadOnlyList<GraphStep> steps, Dependency[][] dependencies, int[][] dependents)
    {
        int count = dependencies.Length;
        int[] waiting = new int[count];
        IndexHeap ready = new();
        for (int step = 0; step < count; step++)
        {
            waiting[step] = dependencies[step].Length;
            if (waiting[step] == 0)
            {
                ready.Push(Key(step));
            }
        }

        int[] order = new int[count];
        int ordered = 0;
        while (ready.Count > 0)
        {
            int step = ready.Pop() % count;
            order[ordered++] = step;
            foreach (int dependent in dependents[step])
            {
                if (--waiting[dependent] == 0)
                {
                    ready.Push(Key(dependent));
                }
            }
        }

        return ordered == count ? order : order[..ordered];

        int Key(int step) => steps[step].Always ? count + step : step;
    }
}
