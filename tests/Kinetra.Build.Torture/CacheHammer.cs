using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Torture;

/// <summary>Stores, finds, restores and trims in one cache beside others who do the same, with too little room for all steps.</summary>
public static class CacheHammer
{
    /// <summary>How many steps there are. Two neighbours share an output's content.</summary>
    public const int Steps = 12;

    private const int Copies = 2000;

    /// <summary>Needs some step so many times, each worker in a folder of its own.</summary>
    /// <param name="folder">Where the cache is.</param>
    /// <param name="worker">The worker's number; what it does follows from that.</param>
    /// <param name="count">How many times.</param>
    /// <returns>How many steps were stored and restored, how often one was missing, how many contents were trimmed, and how many steps were restored wrongly.</returns>
    public static string Run(string folder, int worker, int count)
    {
        string own = Path.Combine(folder, $"w{worker}");
        Directory.CreateDirectory(own);

        // Room for about half of them.
        StepCache cache = new(FilePath.Resolve(folder, CacheOperation.CacheName), Steps * Copies * 6, TimeProvider.System);
        Random random = new(worker);
        (int stores, int restores, int misses, int removed, int wrong) = (0, 0, 0, 0, 0);
        for (int i = 0; i < count; i++)
        {
            int number = random.Next(Steps);
            string fingerprint = Sha256(Content(number) + "fingerprint");
            CachedOutput[] outputs = [Output("a", number), Output("b", number + 1)];
            if (random.Next(10) == 0)
            {
                removed += cache.Trim().RemovedObjects;
            }

            if (cache.Find(fingerprint) is { } known && cache.TryRestore(known, ["a", "b"], own))
            {
                restores++;
                wrong += Read("a") == Content(number) && Read("b") == Content(number + 1) ? 0 : 1;
                continue;
            }

            misses++;
            File.WriteAllText(Path.Combine(own, "a"), Content(number));
            File.WriteAllText(Path.Combine(own, "b"), Content(number + 1));
            stores += cache.Store(fingerprint, new CachedStep("w", $"step {number}", "20261123_045501", TimeSpan.Zero, outputs, []), own) ? 1 : 0;
        }

        return $"ok stores={stores} restores={restores} misses={misses} removed={removed} wrong={wrong}";

        string Read(string file) => File.ReadAllText(Path.Combine(own, file));
    }

    /// <summary>Stores steps with an output of 1 KiB each, finds them, restores them, and trims when there is nothing to trim.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="count">How many steps.</param>
    /// <returns>Microseconds for each step and operation.</returns>
    public static string Cost(string folder, int count)
    {
        StepCache cache = new(FilePath.Resolve(folder, CacheOperation.CacheName), long.MaxValue, TimeProvider.System);
        string[] contents = [.. Enumerable.Range(0, count).Select(number => $"{number}".PadRight(1024))];
        string[] fingerprints = [.. contents.Select(content => Sha256(content + "fingerprint"))];
        CachedStep[] steps = [.. contents.Select((content, number) => new CachedStep("w", $"step {number}", "20261123_045501", TimeSpan.Zero, [new CachedOutput($"{number}", Sha256(content), 1024, UnixMode.Private)], []))];
        for (int number = 0; number < count; number++)
        {
            File.WriteAllText(Path.Combine(folder, $"{number}"), contents[number]);
        }

        // What is compiled and created on first use does not count.
        cache.Store(Sha256("warm"), steps[0], folder);
        cache.TryRestore(cache.Find(Sha256("warm"))!, ["0"], folder);
        return "ok"
            + Time("store", number => cache.Store(fingerprints[number], steps[number], folder))
            + Time("store-again", number => cache.Store(fingerprints[number], steps[number], folder))
            + Time("find", number => cache.Find(fingerprints[number]))
            + Time("restore", number => cache.TryRestore(steps[number], [$"{number}"], folder))
            + Time("trim", number => _ = number == 0 ? cache.Trim() : null);

        string Time(string name, Action<int> action)
        {
            Stopwatch clock = Stopwatch.StartNew();
            for (int number = 0; number < count; number++)
            {
                action(number);
            }

            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {name}={clock.Elapsed.TotalMicroseconds / count:0.0}");
        }
    }

    private static string Content(int number) => new StringBuilder().Insert(0, $"content {number}\n", Copies).ToString();

    private static CachedOutput Output(string path, int number) => new(path, Sha256(Content(number)), Content(number).Length, null);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
