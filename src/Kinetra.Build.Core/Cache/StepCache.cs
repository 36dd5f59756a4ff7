using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>
/// A content-addressed store of steps' declared outputs, found by the step's fingerprint (docs/step-cache.md). Safe for any number of
/// threads and processes at a time; no lock is held. What is wrong with it can only ever cause more work, never a wrong output.
/// </summary>
public sealed class StepCache
{
    private readonly FilePath _directory;
    private readonly long? _maximumSize;
    private readonly TimeProvider _time;

    /// <summary>A cache. Nothing is created until something is stored.</summary>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="maximumSize">What <see cref="Trim"/> keeps it below, in bytes; null for no limit.</param>
    /// <param name="time">The clock that says what was used when.</param>
    public StepCache(FilePath directory, long? maximumSize, TimeProvider time) =>
        (_directory, _maximumSize, _time) = (directory, maximumSize, time);

    /// <summary>Looks a step up.</summary>
    /// <param name="fingerprint">The hash of its fingerprint: 64 lower-case hexadecimal digits.</param>
    /// <returns>Null if it is unknown, or its entry is damaged, which is removed then.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public CachedStep? Find(string fingerprint) => null;

    /// <summary>Keeps a step and the content of its outputs.</summary>
    /// <param name="fingerprint">As for <see cref="Find"/>.</param>
    /// <param name="step">The step; its outputs as they are now (<see cref="CachedOutput.Of"/>).</param>
    /// <param name="projectDirectory">What the paths are relative to, absolute.</param>
    /// <returns>False if an output is not any more what the step says, or cannot be read: then the step is not kept.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Store(string fingerprint, CachedStep step, string projectDirectory) => false;

    /// <summary>
    /// Puts outputs back: all of them are made and verified beside their targets first, then each takes its place atomically.
    /// </summary>
    /// <param name="step">What <see cref="Find"/> returned.</param>
    /// <param name="paths">Those of its outputs to restore, as <see cref="CachedOutput.Path"/> has them; no other file is touched.</param>
    /// <param name="projectDirectory">What the paths are relative to, absolute.</param>
    /// <returns>False if some content is missing or damaged (it is removed then): no target was touched, and the step has to run.</returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CacheUnusable"/>: the store cannot be read, or a target not be written. Every target is whole, the old one or the new one.
    /// </exception>
    public bool TryRestore(CachedStep step, IReadOnlyList<string> paths, string projectDirectory) => false;

    /// <summary>Forgets the steps that were not used for longest, until the store is below four fifths of its limit, if it is above the limit.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public TrimResult Trim() => new(0, 0, 0, 0);
}
