using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Tests.Sweeps;
using Kinetra.Build.Testing;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Cache;

/// <summary>Many store, restore and trim in one cache at the same time. Whose content is taken away runs the step; nobody gets anything wrong.</summary>
public sealed class StepCacheConcurrencyTests
{
    private const int Workers = 4;

    [Fact]
    public void Threads_share_a_cache()
    {
        using TempFolder folder = new();
        string[] results = new string[Workers];
        Concurrently.Run(Workers, index => results[index] = CacheHammer.Run(folder.Root, index, 150));
        Check(folder, results);
    }

    [Fact]
    public void Processes_share_a_cache()
    {
        Platform.RequireUnix();
        using TempFolder folder = new();
        ProcessResult[] results = new ProcessResult[Workers];
        Concurrently.Run(Workers, index => results[index] = Victim.Run("cache-hammer", folder.Root, $"{index}", Sweep.IsFull ? "5000" : "200"));
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Output));
        Check(folder, [.. results.Select(result => result.Output)]);
    }

    private static void Check(TempFolder folder, string[] results)
    {
        Sweep.Report("cache concurrency", string.Join("; ", results.Select(result => result.Trim())));
        Assert.All(results, result => Assert.Equal(0, Count(result, "wrong")));
        Assert.NotEqual(0, results.Sum(result => Count(result, "stores")));
        Assert.NotEqual(0, results.Sum(result => Count(result, "restores")));
        Assert.NotEqual(0, results.Sum(result => Count(result, "removed")));
        Assert.DoesNotContain(folder.Files(), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        string objects = folder[$"{CacheOperation.CacheName}/objects"];
        Assert.All(
            Directory.GetFiles(objects, "*", SearchOption.AllDirectories),
            path => Assert.Equal(Path.GetFileName(path), TestProject.Sha256(File.ReadAllText(path))));
    }

    private static int Count(string result, string name) =>
        int.Parse(Regex.Match(result, $@"\b{name}=(?<count>\d+)").Groups["count"].Value, CultureInfo.InvariantCulture);
}
