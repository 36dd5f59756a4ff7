using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// How the files of a step's declared outputs stand beside what the cache has for it, and whether they may be made the same: only what is the step's alone may be
/// replaced or removed.
/// </summary>
internal sealed class OutputComparison
{
    private readonly List<string> _differences = [];

    /// <param name="identity">The step.</param>
    /// <param name="cached">What the cache has for it.</param>
    /// <param name="recorded">Its outputs.</param>
    /// <param name="before">What the step had made when it last succeeded, perhaps of other inputs.</param>
    /// <param name="digests">Where digests come from.</param>
    /// <exception cref="KinetraException">A file or directory cannot be read.</exception>
    public OutputComparison(StepIdentity identity, CachedStep cached, IReadOnlyList<OutputDigest> recorded, IReadOnlyList<OutputDigest> before, DigestCache digests)
    {
        IReadOnlyList<OutputChange> changes = OutputSet.Verify(recorded, identity.ProjectDirectory, digests);
        FilePath[] added = OutputSet.Added(identity, recorded);
        if (changes.Count == 0 && added.Length == 0)
        {
            return;
        }

        OutputPlaces places = new(identity.ProjectDirectory);
        FilePattern[] inputs = FilePattern.ParseAll(identity.ProjectDirectory, identity.Inputs);
        bool IsInput(FilePath file) => Array.Exists(inputs, input => input.Matches(file.Full));
        Dictionary<string, string> kept = cached.Outputs.Where(output => output.Place is not null).ToDictionary(output => output.Path, output => output.Place!);
        foreach (OutputChange change in changes)
        {
            string path = change.Output.Path;
            FilePath file = places.FileOf(path);
            _differences.Add(change.ToString());
            Changed.Add(path);
            Refusal ??= IsInput(file) ? $"{change}, and it is an input too"
                : TargetFile.Status(file, follow: false) is { Kind: not FileKind.File } now && !(now.Kind == FileKind.Link && TargetFile.Status(file) is { Kind: FileKind.File }) ? $"output {path} is not a file any more"
                : places.Of(path) != kept.GetValueOrDefault(path) ? $"{change}, and a symbolic link leads elsewhere than when it was made"
                : null;
        }

        // What was added by somebody else is left alone.
        foreach (FilePath file in added)
        {
            if (IsInput(file))
            {
                Refusal ??= $"input {file.Display} added";
            }
            else if (before.FirstOrDefault(output => output.Path == file.Display) is { } made && digests.Find(file) == made.Sha256)
            {
                string what = $"output {file.Display} is of another version";
                _differences.Add(what);
                LeftOver.Add(file);
                Refusal ??= places.Of(file.Display) is null ? null : what;
            }
        }
    }

    /// <summary>Whether all is as it was made.</summary>
    public bool IsSame => _differences.Count == 0 && Refusal is null;

    /// <summary>The paths of the outputs whose content is another, or that are gone.</summary>
    public List<string> Changed { get; } = [];

    /// <summary>Files that the step had made of other inputs, unchanged since, and that are not among its outputs now.</summary>
    public List<FilePath> LeftOver { get; } = [];

    /// <summary>Why the outputs may not be made as they were, so that the step has to run; null if they may.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What is not as it was made, in a few words.</summary>
    public override string ToString() => Refusal ?? _differences[0] + (_differences.Count > 1 ? $", and {_differences.Count - 1} more" : "");
}
