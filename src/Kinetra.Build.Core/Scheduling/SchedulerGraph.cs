namespace Kinetra.Build.Core.Scheduling;

/// <summary>What of a <see cref="Scheduler"/> never changes: the steps with their dependents, and the order in which they are to start.</summary>
internal sealed class SchedulerGraph
{
    // The dependents of step i are Edges[FirstEdge[i]..FirstEdge[i + 1]]: the step times two, plus one if it requires success.
    private readonly int[] _firstEdge;
    private readonly int[] _edges;

    /// <exception cref="ArgumentException">The steps depend on each other in a circle, on a step that is not there, or on one that always runs last.</exception>
    public SchedulerGraph(IReadOnlyList<SchedulerStep> steps, IReadOnlyDictionary<string, int> pools)
    {
        int count = steps.Count;
        (Steps, Dependencies, Pool, Remaining) = (new SchedulerTraits[count], new int[count], new int[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            Steps[i] = new SchedulerTraits(steps[i].IsCritical, steps[i].Always, steps[i].IsSelected);
        }

        PoolLimits = ReadPools(steps, pools);
        _firstEdge = new int[count + 1];
        _edges = ReadEdges(steps);
        Order = FindOrder();
        FindRemaining(steps);
        (ByRank, Rank) = FindRanks(steps);
    }

    /// <summary>The steps. What was given of them beside this stands in the other arrays, which take far less room for a large graph.</summary>
    public SchedulerTraits[] Steps { get; }

    /// <summary>How many dependencies each step has; one that is also required counts twice.</summary>
    public int[] Dependencies { get; }

    /// <summary>The number of each step's pool; -1 for none.</summary>
    public int[] Pool { get; }

    /// <summary>The limit of each pool.</summary>
    public int[] PoolLimits { get; }

    /// <summary>The steps, each behind those that it depends on.</summary>
    public int[] Order { get; }

    /// <summary>The longest path from the beginning of each step to the end, in seconds.</summary>
    public double[] Remaining { get; }

    /// <summary>The steps in the order in which they would start if all of them could.</summary>
    public int[] ByRank { get; }

    /// <summary>The place of each step in <see cref="ByRank"/>.</summary>
    public int[] Rank { get; }

    /// <summary>What waits for a step: indexes times two, plus one where success is required.</summary>
    public ReadOnlySpan<int> DependentsOf(int step) => _edges.AsSpan(_firstEdge[step], _firstEdge[step + 1] - _firstEdge[step]);

    private int[] ReadPools(IReadOnlyList<SchedulerStep> steps, IReadOnlyDictionary<string, int> pools)
    {
        Dictionary<string, int> numbers = [];
        List<int> limits = [];
        for (int i = 0; i < Steps.Length; i++)
        {
            Pool[i] = -1;
            if (steps[i].Pool is not { } name)
            {
                continue;
            }

            if (!numbers.TryGetValue(name, out int number))
            {
                int limit = pools.TryGetValue(name, out int given) ? given : throw new ArgumentException($"Step {i} is of pool {name}, which is not there.");
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, name);
                numbers.Add(name, number = limits.Count);
                limits.Add(limit);
            }

            Pool[i] = number;
        }

        return [.. limits];
    }

    private int[] ReadEdges(IReadOnlyList<SchedulerStep> steps)
    {
        for (int i = 0; i < Steps.Length; i++)
        {
            Count(steps[i].DependsOn, i);
            Count(steps[i].RequiresSuccessOf, i);
        }

        for (int i = 0; i < Steps.Length; i++)
        {
            _firstEdge[i + 1] += _firstEdge[i];
        }

        int[] edges = new int[_firstEdge[^1]];
        int[] next = _firstEdge.AsSpan(0, Steps.Length).ToArray();
        for (int i = 0; i < Steps.Length; i++)
        {
            Add(steps[i].DependsOn, i * 2);
            Add(steps[i].RequiresSuccessOf, (i * 2) + 1);
        }

        return edges;

        void Add(IReadOnlyList<int> dependencies, int edge)
        {
            for (int k = 0; k < dependencies.Count; k++)
            {
                edges[next[dependencies[k]]++] = edge;
            }
        }
    }

    private void Count(IReadOnlyList<int> dependencies, int step)
    {
        Dependencies[step] += dependencies.Count;
        for (int k = 0; k < dependencies.Count; k++)
        {
            int dependency = dependencies[k];
            if ((uint)dependency >= (uint)Steps.Length)
            {
                throw new ArgumentException($"Step {step} depends on step {dependency}, which is not there.");
            }

            if (Steps[dependency].Always && !Steps[step].Always)
            {
                throw new ArgumentException($"Step {step} depends on step {dependency}, which runs after all others.");
            }

            _firstEdge[dependency + 1]++;
        }
    }

    private int[] FindOrder()
    {
        int[] order = new int[Steps.Length];
        int[] open = Dependencies.AsSpan().ToArray();
        int known = 0;
        for (int i = 0; i < open.Length; i++)
        {
            if (open[i] == 0)
            {
                order[known++] = i;
            }
        }

        for (int done = 0; done < known; done++)
        {
            foreach (int edge in DependentsOf(order[done]))
            {
                if (--open[edge >> 1] == 0)
                {
                    order[known++] = edge >> 1;
                }
            }
        }

        return known == order.Length ? order : throw new ArgumentException("The steps depend on each other in a circle.");
    }

    // A step that runs after all others makes no other's path longer: it has to wait for all of them anyway.
    private void FindRemaining(IReadOnlyList<SchedulerStep> steps)
    {
        for (int k = Order.Length - 1; k >= 0; k--)
        {
            int step = Order[k];
            double longest = 0;
            foreach (int edge in DependentsOf(step))
            {
                if (Steps[edge >> 1].Always == Steps[step].Always)
                {
                    longest = Math.Max(longest, Remaining[edge >> 1]);
                }
            }

            Remaining[step] = longest + (Steps[step].IsSelected ? steps[step].Seconds : 0);
        }
    }

    private (int[] ByRank, int[] Rank) FindRanks(IReadOnlyList<SchedulerStep> steps)
    {
        int[] byRank = new int[Steps.Length];
        int[] rank = new int[Steps.Length];
        for (int i = 0; i < byRank.Length; i++)
        {
            byRank[i] = i;
        }

        Array.Sort(byRank, (left, right) => Compare(steps, left, right));
        for (int i = 0; i < byRank.Length; i++)
        {
            rank[byRank[i]] = i;
        }

        return (byRank, rank);
    }

    private int Compare(IReadOnlyList<SchedulerStep> steps, int left, int right)
    {
        int order = steps[right].Priority.CompareTo(steps[left].Priority);
        order = order != 0 ? order : Remaining[right].CompareTo(Remaining[left]);
        return order != 0 ? order : left.CompareTo(right);
    }
}
