using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Graphs;

/// <summary>The dependencies that follow from files: a step whose inputs another step makes waits for that.</summary>
internal static class FileDependencies
{
    /// <summary>Adds them to the ones that are named; one that is named needs no second one.</summary>
    /// <param name="projectDirectory">What patterns are relative to, absolute.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="dependencies">Of each step; arrays are replaced by longer ones.</param>
    /// <param name="ignoresCase">Whether paths that differ in case only are equal.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.OutputConflict"/>.</exception>
    public static void Add(string projectDirectory, IReadOnlyList<GraphStep> steps, Dependency[][] dependencies, bool ignoresCase)
    {
        List<DeclaredFile> files = [];
        for (int step = 0; step < steps.Count; step++)
        {
            IReadOnlyList<string> written = steps[step].Outputs;
            for (int i = 0; i < written.Count; i++)
            {
                files.Add(Parse(projectDirectory, steps, step, written[i], ignoresCase));
            }
        }

        // Inputs are looked at in any case, as one that is no path is an error.
        DeclaredFiles outputs = new(files);
        OutputConflicts.Refuse(steps, outputs);
        List<DeclaredFile> makers = [];
        List<string> reasons = [];
        int[] waitsFor = new int[steps.Count];
        for (int step = 0; step < steps.Count; step++)
        {
            IReadOnlyList<string> written = steps[step].Inputs;
            if (written.Count == 0)
            {
                continue;
            }

            makers.Clear();
            reasons.Clear();
            int count = 0;
            waitsFor[step] = step + 1;
            foreach (Dependency named in dependencies[step])
            {
                waitsFor[named.Step] = step + 1;
            }

            for (int i = 0; i < written.Count; i++)
            {
                outputs.AddOverlapping(Parse(projectDirectory, steps, step, written[i], ignoresCase), makers);
                for (int found = count; found < makers.Count; found++)
                {
                    int maker = makers[found].Step;
                    if (waitsFor[maker] != step + 1 && (steps[step].Always || !steps[maker].Always))
                    {
                        waitsFor[maker] = step + 1;
                        makers[count++] = makers[found];
                        reasons.Add(written[i]);
                    }
                }

                makers.RemoveRange(count, makers.Count - count);
            }

            if (count > 0)
            {
                dependencies[step] = Join(dependencies[step], makers, reasons);
            }
        }
    }

    private static Dependency[] Join(Dependency[] named, List<DeclaredFile> makers, List<string> reasons)
    {
        Dependency[] all = new Dependency[named.Length + makers.Count];
        named.CopyTo(all, 0);
        for (int i = 0; i < makers.Count; i++)
        {
            all[named.Length + i] = new Dependency(makers[i].Step, MustSucceed: false, reasons[i]);
        }

        return all;
    }

    private static DeclaredFile Parse(string projectDirectory, IReadOnlyList<GraphStep> steps, int step, string written, bool ignoresCase)
    {
        try
        {
            return new DeclaredFile(step, written, FilePattern.Parse(projectDirectory, written), ignoresCase);
        }
        catch (KinetraException error)
        {
            throw new KinetraException(error.Code, $"Step {Problems.Quote(steps[step].Name)}: {error.Message}", error);
        }
    }
}
