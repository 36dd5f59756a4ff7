using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>Puts outputs back: verified copies beside their targets, which then take their places, some of them at a time.</summary>
internal sealed class CacheRestore(CacheDirectory directory, ObjectStore objects)
{
    // Each is an open file until it is in its place, and as many steps do this at a time as there are places: a process may have 1024 in all.
    private const int Batch = 32;

    /// <summary>Puts the outputs back. Not durably, just as what a step writes: whether it is still there is verified each time.</summary>
    /// <param name="step">Whose outputs.</param>
    /// <param name="paths">Which of them.</param>
    /// <param name="projectDirectory">What the paths are relative to.</param>
    /// <returns>False if a path is none of the step's, or a content is missing or damaged. Some may be in their place then, each of them whole.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>; some may be in their place, each of them whole.</exception>
    public bool TryRun(CachedStep step, IReadOnlyList<string> paths, string projectDirectory)
    {
        List<CachedOutput> outputs = Choose(step, paths);
        if (outputs.Count < paths.Count)
        {
            return false;
        }

        // Before anything is copied, which may take long.
        foreach (CachedOutput output in outputs)
        {
            if (!objects.Has(output))
            {
                return false;
            }
        }

        for (int first = 0; first < outputs.Count; first += Batch)
        {
            if (!TryRun(outputs.GetRange(first, Math.Min(Batch, outputs.Count - first)), projectDirectory))
            {
                return false;
            }
        }

        return true;
    }

    // An entry is data, so it does not say where to write: only what was asked for is chosen from it.
    private static List<CachedOutput> Choose(CachedStep step, IReadOnlyList<string> paths)
    {
        Dictionary<string, CachedOutput> known = new(step.Outputs.Count, StringComparer.Ordinal);
        foreach (CachedOutput output in step.Outputs)
        {
            known[output.Path] = output;
        }

        List<CachedOutput> chosen = new(paths.Count);
        foreach (string path in paths)
        {
            if (known.TryGetValue(path, out CachedOutput? output))
            {
                chosen.Add(output);
            }
        }

        return chosen;
    }

    // None takes its place before all of them are there and verified.
    private bool TryRun(List<CachedOutput> outputs, string projectDirectory)
    {
        List<AtomicFile> staged = new(outputs.Count);
        try
        {
            foreach (CachedOutput output in outputs)
            {
                bool isSound = Guard(() =>
                {
                    AtomicFile file = AtomicFile.Create(FilePath.Resolve(projectDirectory, output.Path), output.Mode, durable: false);
                    staged.Add(file);
                    return objects.TryCopyTo(output, file);
                });
                if (!isSound)
                {
                    return false;
                }
            }

            foreach (AtomicFile file in staged)
            {
                Guard(() =>
                {
                    file.Commit();
                    return true;
                });
            }

            return true;
        }
        finally
        {
            // What did not come to its place is removed.
            foreach (AtomicFile file in staged)
            {
                file.Dispose();
            }
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (KinetraException error) when (error.Code != DiagnosticCodes.CacheUnusable)
        {
            throw directory.Unusable($"An output cannot be put back: {error.Message}", error);
        }
    }
}
