namespace Kinetra.Build.Core.Graphs;

/// <summary>The dependencies that <c>DependsOn</c> names.</summary>
internal static class NamedDependencies
{
    private const char Demand = '!';

    /// <summary>Looks the names up.</summary>
    /// <param name="names">The steps.</param>
    /// <param name="pools">The names of the pools that there are.</param>
    /// <returns>Those of each step, in the order written, each once.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnknownDependency"/> or <see cref="DiagnosticCodes.InvalidGraph"/>.</exception>
    public static Dependency[][] Find(StepNames names, IReadOnlyCollection<string> pools)
    {
        IReadOnlyList<GraphStep> steps = names.Steps;
        Problems unknown = new(DiagnosticCodes.UnknownDependency);
        Problems early = new(DiagnosticCodes.InvalidGraph);
        HashSet<string> known = new(pools, StringComparer.Ordinal);
        Dependency[][] all = new Dependency[steps.Count][];

        // Where a step stands among the dependencies of the one that is looked at: a place counted over all steps, so that nothing has to be cleared.
        int[] places = new int[steps.Count];
        int start = 1;
        for (int step = 0; step < steps.Count; step++)
        {
            IReadOnlyList<string> written = steps[step].DependsOn;
            Dependency[] some = written.Count == 0 ? [] : new Dependency[written.Count];
            int count = 0;
            for (int i = 0; i < written.Count; i++)
            {
                int other = Resolve(names, written[i], out bool mustSucceed);
                if (other < 0)
                {
                    unknown.Add(unknown.ShowsNext ? Unknown(names, steps[step], written[i]) : null);
                }
                else if (places[other] >= start)
                {
                    some[places[other] - start] = new Dependency(other, mustSucceed || some[places[other] - start].MustSucceed, null);
                }
                else
                {
                    if (steps[other].Always && !steps[step].Always)
                    {
                        early.Add(early.ShowsNext ? $"Step {Problems.Quote(steps[step].Name)} depends on {Problems.Quote(steps[other].Name)}, which runs after all others (Always)." : null);
                    }

                    places[other] = start + count;
                    some[count++] = new Dependency(other, mustSucceed, null);
                }
            }

            start += count;
            all[step] = count == some.Length ? some : some[..count];
            if (steps[step].Pool is { } pool && !known.Contains(pool))
            {
                unknown.Add(unknown.ShowsNext ? $"Step {Problems.Quote(steps[step].Name)} is in the pool {Problems.Quote(pool)}, which is not declared.{NearestName.Hint(pool, pools)}" : null);
            }
        }

        unknown.Throw("DependsOn names KinetraStep items, and Pool a KinetraPool item; case matters.");
        early.Throw("Mark the step itself with Always=\"true\", or take the dependency away.");
        return all;
    }

    // Whoever separates names by commas or blanks is not helped by the nearest name, which is one of them.
    private static string? Separated(StepNames names, string written)
    {
        string[] parts = written.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && Array.TrueForAll(parts, part => Resolve(names, part, out _) >= 0) ? $" Separate names by semicolons: {string.Join(';', parts)}." : null;
    }

    // A name may really end in "!".
    private static int Resolve(StepNames names, string written, out bool mustSucceed)
    {
        int step = names.Find(written);
        mustSucceed = step < 0 && written.EndsWith(Demand);
        return mustSucceed ? names.Find(written[..^1]) : step;
    }

    private static string Unknown(StepNames names, GraphStep step, string written)
    {
        string name = written.EndsWith(Demand) ? written[..^1] : written;
        return $"Step {Problems.Quote(step.Name)} depends on {Problems.Quote(name)}, which is no step.{Separated(names, written) ?? NearestName.Hint(name, names.All)}";
    }
}
