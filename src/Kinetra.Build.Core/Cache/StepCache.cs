using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>
/// A content-addressed store of steps' declared outputs, found by the step's fingerprint (docs/step-cache.md). Safe for any number of
/// threads and processes at a time; no lock is held. What is wrong with it can only ever cause more work, never a wrong output: nothing is
/// flushed to the disk, as every content is verified before it is used.
/// </summary>
public sealed class StepCache
{
    private readonly CacheDirectory _directory;
    private readonly ObjectStore _objects;
    private readonly long? _maximumSize;
    private readonly TimeProvider _time;

    /// <summary>A cache. Nothing is created until something is stored.</summary>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="maximumSize">What <see cref="Trim"/> keeps it below, in bytes; null for no limit.</param>
    /// <param name="time">The clock that says what was used when.</param>
    public StepCache(FilePath directory, long? maximumSize, TimeProvider time)
    {
        (_maximumSize, _time) = (maximumSize, time);
        _directory = new CacheDirectory(directory, time);
        _objects = new ObjectStore(_directory);
    }

    /// <summary>Whether looking a step up leaves everything as it is: no time of last use, no damaged entry removed. Default false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Looks a step up. Whether the contents of its outputs are still there shows when they are restored.</summary>
    /// <param name="fingerprint">The hash of its fingerprint: 64 lower-case hexadecimal digits.</param>
    /// <returns>Null if it is unknown, or its entry is damaged, which is removed then.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public CachedStep? Find(string fingerprint)
    {
        FilePath entry = _directory.Step(fingerprint);
        if (!_directory.Exists())
        {
            return null;
        }

        return _directory.Guard(entry, () =>
        {
            if (NativeFile.ReadAll(entry.Full) is not { } bytes)
            {
                return null;
            }

            if (CacheEntry.TryParse(fingerprint, bytes) is not { } step)
            {
                if (!IsReadOnly)
                {
                    CacheDirectory.RemoveDamaged(entry);
                }

                return null;
            }

            if (!IsReadOnly && NativeFile.Status(entry.Full) is { } status)
            {
                _directory.Touch(entry, status);
            }

            return step;
        });
    }

    /// <summary>Keeps a step and the content of its outputs. What was kept under this fingerprint is replaced.</summary>
    /// <param name="fingerprint">As for <see cref="Find"/>.</param>
    /// <param name="step">The step; its outputs as they are now (<see cref="CachedOutput.Of"/>).</param>
    /// <param name="projectDirectory">What the paths are relative to, absolute.</param>
    /// <returns>False if an output is not any more what the step says, or cannot be read: then the step is not kept.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Store(string fingerprint, CachedStep step, string projectDirectory)
    {
        foreach (CachedOutput output in step.Outputs)
        {
            if (!_objects.Add(output, projectDirectory))
            {
                return false;
            }
        }

        // Last, so that whoever is killed leaves no entry, or one whose contents are all there.
        FilePath entry = _directory.Step(fingerprint);
        return _directory.Guard(entry, () =>
        {
            _directory.MakeFor(entry);
            Leftovers.Remove(_directory.Steps.Full);
            using TemporaryFile file = TemporaryFile.Create(_directory.Steps.Full, UnixMode.Private);
            file.Append(CacheEntry.Format(fingerprint, step));
            file.Replace(entry.Full);
            _directory.Touch(entry);
            return true;
        });
    }

    /// <summary>Whether the contents of outputs are there, and as long as they should be; not whether they are sound.</summary>
    /// <param name="step">What <see cref="Find"/> returned.</param>
    /// <param name="paths">Those of its outputs to look for.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Has(CachedStep step, IReadOnlyList<string> paths)
    {
        foreach (CachedOutput output in step.Outputs)
        {
            if (paths.Contains(output.Path) && !_objects.LooksWhole(output))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The fingerprints of all steps that are kept, by workflow and step: reads every entry.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    internal ILookup<(string Workflow, string Step), string> Entries()
    {
        List<CachedStep> steps = [];
        if (_directory.Exists())
        {
            foreach ((string fingerprint, FilePath entry) in _directory.All(isStep: true))
            {
                if (_directory.Guard(entry, () => NativeFile.ReadAll(entry.Full)) is { } bytes && CacheEntry.TryParse(fingerprint, bytes) is { } step)
                {
                    steps.Add(step);
                }
            }
        }

        return steps.ToLookup(step => (step.Workflow, step.Step), step => step.Fingerprint!);
    }

    /// <summary>Forgets a step. What it made stays until <see cref="Trim"/> finds that no other step needs it.</summary>
    /// <param name="fingerprint">As for <see cref="Find"/>.</param>
    /// <returns>Whether it was known.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Forget(string fingerprint)
    {
        FilePath entry = _directory.Step(fingerprint);
        return _directory.Exists() && _directory.Guard(entry, () => NativeFile.Remove(entry.Full));
    }

    /// <summary>
    /// Puts outputs back: they are made and verified beside their targets, up to 32 of them at a time, then each takes its place atomically. Whether a place is
    /// still the one that the step wrote to (<see cref="CachedOutput.Place"/>) is for the caller to see.
    /// </summary>
    /// <param name="step">What <see cref="Find"/> returned.</param>
    /// <param name="paths">Those of its outputs to restore, as <see cref="CachedOutput.Path"/> has them; no other file is touched.</param>
    /// <param name="projectDirectory">What the paths are relative to, absolute.</param>
    /// <returns>
    /// False if some content is missing or damaged, or a path is none of its outputs: the step is forgotten, and has to run. No target was touched, or of more than 32
    /// the first ones, if only a later one is found to be damaged.
    /// </returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CacheUnusable"/>: the store cannot be read, or a target not be written. Every target is whole, the old one or the new one.
    /// </exception>
    public bool TryRestore(CachedStep step, IReadOnlyList<string> paths, string projectDirectory)
    {
        if (paths.Count == 0)
        {
            return true;
        }

        if (new CacheRestore(_directory, _objects).TryRun(step, paths, projectDirectory))
        {
            return true;
        }

        if (step.Fingerprint is { } fingerprint)
        {
            CacheDirectory.RemoveDamaged(_directory.Step(fingerprint));
        }

        return false;
    }

    /// <summary>Forgets the steps that were not used for longest, until the store is below four fifths of its limit, if it is above the limit.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public TrimResult Trim() => _maximumSize is { } limit && _directory.Exists() ? new CacheTrim(_directory, limit, _time).Run() : new TrimResult(0, 0, 0, 0);
}
