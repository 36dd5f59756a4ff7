namespace Kinetra.Build.Core.Graphs;

/// <summary>
/// The strongly connected components of a graph, by Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with a stack of
/// its own instead of recursion, which 10,000 steps in a row would overflow.
/// </summary>
internal static class StrongComponents
{
    /// <summary>Finds the sets of steps that all wait for each other.</summary>
    /// <param name="dependencies">Of each step.</param>
    /// <returns>For each step the least index in its set; -1 if it is in no cycle.</returns>
    public static int[] Find(Dependency[][] dependencies)
    {
        int count = dependencies.Length;
        int[] components = new int[count];
        int[] numbers = new int[count];
        int[] lowest = new int[count];
        int[] next = new int[count];
        bool[] isOpen = new bool[count];
        IndexStack open = new();
        IndexStack path = new();
        int number = 0;
        for (int root = 0; root < count; root++)
        {
            if (numbers[root] == 0)
            {
                Enter(root);
            }

            while (path.Count > 0)
            {
                int step = path.Peek();
                if (next[step] < dependencies[step].Length)
                {
                    int other = dependencies[step][next[step]++].Step;
                    if (numbers[other] == 0)
                    {
                        Enter(other);
                    }
                    else if (isOpen[other])
                    {
                        lowest[step] = Math.Min(lowest[step], numbers[other]);
                    }

                    continue;
                }

                path.Pop();
                if (path.Count > 0)
                {
                    lowest[path.Peek()] = Math.Min(lowest[path.Peek()], lowest[step]);
                }

                if (lowest[step] == numbers[step])
                {
                    Close(step);
                }
            }
        }

        return components;

        void Enter(int step)
        {
            numbers[step] = lowest[step] = ++number;
            isOpen[step] = true;
            open.Push(step);
            path.Push(step);
        }

        void Close(int step)
        {
            List<int> members = [];
            int member;
            do
            {
                member = open.Pop();
                isOpen[member] = false;
                members.Add(member);
            }
            while (member != step);

            bool isCycle = members.Count > 1 || Array.Exists(dependencies[step], dependency => dependency.Step == step);
            int least = isCycle ? members.Min() : -1;
            foreach (int one in members)
            {
                components[one] = least;
            }
        }
    }
}
