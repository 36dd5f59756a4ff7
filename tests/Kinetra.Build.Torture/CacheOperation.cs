using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Cache;

namespace Kinetra.Build.Torture;

/// <summary>Storing a step with two outputs in a cache, and restoring them, as operations for the sweeps.</summary>
public static class CacheOperation
{
    /// <summary>The cache's directory.</summary>
    public const string CacheName = ".workflow_cache";

    /// <summary>An output that is larger than one buffer of a copy, and one that is small, with their contents.</summary>
    public static readonly IReadOnlyDictionary<string, string> Outputs = new Dictionary<string, string>
    {
        ["out/large.csv"] = Operation.Text("large"),
        ["out/small.csv"] = "small\n",
    };

    /// <summary>What stands in the place of the large output before it is restored; the small one is missing.</summary>
    public const string Tampered = "tampered with\n";

    /// <summary>The step's fingerprint.</summary>
    public static readonly string Fingerprint = new('f', 64);

    /// <summary>What the product does.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("cache-store", "", "", Make, Store),
        new("cache-restore", "", "", Damaged, Restore),
    ];

    /// <summary>The cache of a folder.</summary>
    public static StepCache In(Scene project) => new(project.Path(CacheName), null, new FixedTime());

    /// <summary>The step, with the outputs that it should have.</summary>
    public static CachedStep Step() => new(
        "master",
        "convert",
        "20261123_045501",
        TimeSpan.FromSeconds(12.3),
        [.. Outputs.Select(output => new CachedOutput(output.Key, Sha256(output.Value), Encoding.UTF8.GetByteCount(output.Value), Scene.TargetMode))],
        []);

    /// <summary>Restores all outputs into a folder.</summary>
    /// <returns>False if the step is not known.</returns>
    /// <exception cref="InvalidOperationException">It is known, but its outputs cannot be restored.</exception>
    public static bool TryRestore(Scene project, string folder)
    {
        if (In(project).Find(Fingerprint) is not { } step)
        {
            return false;
        }

        return In(project).TryRestore(step, [.. Outputs.Keys], folder) ? true : throw new InvalidOperationException("the step is known, and its outputs are not there");
    }

    private static void Make(Scene project)
    {
        foreach ((string path, string content) in Outputs)
        {
            string file = project.Path(path).Full;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
    }

    private static void Store(Scene project) => In(project).Store(Fingerprint, Step(), project.Root);

    private static void Damaged(Scene project)
    {
        Make(project);
        Store(project);
        File.WriteAllText(project.Path("out/large.csv").Full, Tampered);
        File.Delete(project.Path("out/small.csv").Full);
    }

    private static void Restore(Scene project)
    {
        if (!TryRestore(project, project.Root))
        {
            throw new InvalidOperationException("the step is not known");
        }
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
