using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Tests.Cache;

/// <summary>A project with a cache in it, and steps whose outputs are written and stored.</summary>
internal sealed class CacheScene : IDisposable
{
    public const string Directory = "cache";

    public CacheScene(long? maximumSize = null) => Cache = new StepCache(Project.Path(Directory), maximumSize, Project.Time);

    public TestProject Project { get; } = new();

    public StepCache Cache { get; }

    public string Root => Project.Folder.Root;

    public void Dispose() => Project.Dispose();

    /// <summary>A fingerprint that is the same for the same text.</summary>
    public static string Fingerprint(string text) => TestProject.Sha256("fingerprint of " + text);

    public string EntryOf(string fingerprint) => Project.Folder[$"{Directory}/steps/{fingerprint[..2]}/{fingerprint}.json"];

    public string ObjectOf(string content) => Project.Folder[$"{Directory}/objects/{TestProject.Sha256(content)[..2]}/{TestProject.Sha256(content)}"];

    /// <summary>Writes outputs and describes the step that has made them.</summary>
    public CachedStep Make(params (string Path, string Content)[] outputs)
    {
        foreach ((string path, string content) in outputs)
        {
            Project.Folder.Write(path, content);
        }

        return Describe([.. outputs.Select(output => new OutputDigest(output.Path, TestProject.Sha256(output.Content)))]);
    }

    public CachedStep Describe(params OutputDigest[] outputs) => new(
        "prices", "Convert \"all\"", "20261123_045501-002", TimeSpan.FromSeconds(12.345), [.. outputs.Select(output => CachedOutput.Of(output, new OutputPlaces(Root))!)], ["data/log.txt"]);

    /// <summary>Makes and stores a step that is named after its fingerprint's text.</summary>
    public string Store(string text, params (string Path, string Content)[] outputs)
    {
        Xunit.Assert.True(Cache.Store(Fingerprint(text), Make(outputs), Root));
        return Fingerprint(text);
    }

    public FilePath[] Objects() => Below("objects");

    public FilePath[] Entries() => Below("steps");

    private FilePath[] Below(string folder) =>
    [
        .. Project.Folder.Files().Where(file => file.StartsWith($"{Directory}/{folder}/", StringComparison.Ordinal)).Select(Project.Path),
    ];
}
