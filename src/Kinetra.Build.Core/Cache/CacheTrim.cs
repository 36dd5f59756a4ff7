using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>
/// Makes a cache smaller: steps first, those that were not used for longest, then the contents that no step needs any more. Others may
/// store and restore meanwhile; whose content is removed under their hands finds it missing, and runs the step.
/// </summary>
internal sealed class CacheTrim(CacheDirectory directory, long limit, TimeProvider time)
{
    // So that the next steps do not make another trim necessary at once.
    private readonly long _goal = limit / 5 * 4;

    private readonly Dictionary<string, Item> _objects = new(StringComparer.Ordinal);
    private readonly List<Item> _steps = [];
    private long _size;
    private long _removedBytes;
    private int _removedSteps;
    private int _removedObjects;

    /// <summary>Does it, if the cache is above its limit.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public TrimResult Run()
    {
        Leftovers.Remove(directory.Objects.Full);
        Leftovers.Remove(directory.Steps.Full);
        Look(isStep: false);
        Look(isStep: true);
        if (_size > limit)
        {
            ReadSteps();
            RemoveUnneeded();
            _steps.Sort((a, b) => a.Status.Modified.CompareTo(b.Status.Modified));
            for (int i = 0; i < _steps.Count && _size > _goal; i++)
            {
                RemoveStep(_steps[i]);
            }
        }

        return new TrimResult(_size, _removedSteps, _removedObjects, _removedBytes);
    }

    private void Look(bool isStep)
    {
        foreach ((string name, FilePath file) in directory.All(isStep))
        {
            if (directory.Guard(file, () => NativeFile.Status(file.Full, follow: false)) is { Kind: FileKind.File } status)
            {
                Add(new Item(file, name, status), isStep);
            }
        }
    }

    private void Add(Item item, bool isStep)
    {
        _size += item.Status.Size;
        if (isStep)
        {
            _steps.Add(item);
        }
        else
        {
            _objects[item.Name] = item;
        }
    }

    private void ReadSteps()
    {
        foreach (Item item in _steps)
        {
            CachedStep? step = directory.Guard(item.File, () => NativeFile.ReadAll(item.File.Full) is { } bytes ? CacheEntry.TryParse(item.Name, bytes) : null);
            if (step is null)
            {
                Remove(item, ref _removedSteps);
                continue;
            }

            foreach (CachedOutput output in step.Outputs)
            {
                if (_objects.TryGetValue(output.Sha256, out Item? needed))
                {
                    item.Needs.Add(needed);
                    needed.Users++;
                }
            }
        }

        _steps.RemoveAll(item => item.IsRemoved);
    }

    // What has been there for a short time only may be of a step that is just being stored.
    private void RemoveUnneeded()
    {
        long settled = FileStatus.Timestamp(time.GetUtcNow() - CacheDirectory.Grace);
        foreach (Item item in _objects.Values)
        {
            if (item.Users == 0 && item.Status.Modified < settled)
            {
                Remove(item, ref _removedObjects);
            }
        }
    }

    private void RemoveStep(Item step)
    {
        Remove(step, ref _removedSteps);
        if (!step.IsRemoved)
        {
            return;
        }

        foreach (Item needed in step.Needs)
        {
            if (--needed.Users == 0)
            {
                Remove(needed, ref _removedObjects);
            }
        }
    }

    // Unless it was used since it was looked at.
    private void Remove(Item item, ref int count)
    {
        FileStatus? now = directory.Guard(item.File, () => NativeFile.Status(item.File.Full, follow: false));
        if (now is { } status && !status.IsSameVersion(item.Status))
        {
            return;
        }

        if (now is not null && directory.Guard(item.File, () => NativeFile.Remove(item.File.Full)))
        {
            count++;
            _removedBytes += item.Status.Size;
        }

        item.IsRemoved = true;
        _size -= item.Status.Size;
    }

    private sealed record Item(FilePath File, string Name, FileStatus Status)
    {
        public List<Item> Needs { get; } = [];

        public int Users { get; set; }

        public bool IsRemoved { get; set; }
    }
}
