using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>Outputs on their way back: each a verified copy beside its target until all of them are there.</summary>
internal sealed class CacheRestore(CacheDirectory directory, ObjectStore objects) : IDisposable
{
    private readonly List<AtomicFile> _staged = [];

    /// <summary>Makes and verifies the copies.</summary>
    /// <returns>False if a path is none of the step's, or a content is missing or damaged.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool TryPrepare(CachedStep step, IReadOnlyList<string> paths, string projectDirectory)
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

        foreach (CachedOutput output in outputs)
        {
            if (!TryStage(output, projectDirectory))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts each copy in its place. Not durably, just as what a step writes: whether it is still there is verified each time.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>; some may be in their place, each of them whole.</exception>
    public void Commit()
    {
        foreach (AtomicFile file in _staged)
        {
            Guard(() =>
            {
                file.Commit();
                return true;
            });
        }
    }

    /// <summary>Removes what did not come to its place.</summary>
    public void Dispose()
    {
        foreach (AtomicFile file in _staged)
        {
            file.Dispose();
        }
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

    private bool TryStage(CachedOutput output, string projectDirectory) => Guard(() =>
    {
        AtomicFile file = AtomicFile.Create(FilePath.Resolve(projectDirectory, output.Path), output.Mode, durable: false);
        _staged.Add(file);
        return objects.TryCopyTo(output, file);
    });

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
