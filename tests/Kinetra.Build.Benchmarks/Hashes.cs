using System.Globalization;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Benchmarks;

/// <summary>What digests of one large file and of many small ones cost beside their peers.</summary>
internal static class Hashes
{
    private const long Large = 1L << 30;
    private const int Count = 10_000;
    private const int BuiltInCount = 1_000;

    /// <summary>Measures and prints a table for each.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, string parent)
    {
        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, Large + (1L << 30));
        OneLarge(rounds, folder);
        ManySmall(rounds, folder);
    }

    private static void OneLarge(int rounds, BenchmarkFolder folder)
    {
        const string Speed = "`openssl speed`, what 1 GiB takes at its speed";
        const string Own = "`FileDigest.Compute`";
        const string OpenSsl = "`openssl dgst -sha256`";
        FilePath file = folder.RandomFile("large", Large);
        List<Case> cases = [];
        if (Programs.Has("openssl", "openssl"))
        {
            cases.Add(new Case(Speed, () => Large / BytesPerSecond() * 1e6));
            cases.Add(Case.Timed(OpenSsl, () => Programs.Run("openssl", "dgst", "-sha256", file.Full)));
        }

        string? digest = null;
        cases.Add(Case.Timed(Own, () => digest = FileDigest.Compute(file)));
        if (Programs.Has("sha256sum", "sha256sum"))
        {
            cases.Add(Case.Timed("`sha256sum`", () => Programs.Run("sha256sum", file.Full)));
        }

        IReadOnlyList<string> builtIn = [];
        cases.Add(Case.Timed("`GetFileHash`", () => builtIn = BuiltInTasks.Hash([file.Full])));
        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 1, cases);
        Expect(digest, builtIn[0]);
        Table.Print($"SHA-256 of 1 GiB, {rounds} rounds", Unit.Milliseconds, measurements, Comparison.AtLeastSpeed(Own, 0.92, Speed), Comparison.Unbound(Own, OpenSsl));
        File.Delete(file.Full);
    }

    private static void ManySmall(int rounds, BenchmarkFolder folder)
    {
        const string Bare = "open, fstat, read, close, `SHA256.HashData`";
        const string BareOnTwo = "the same on two threads";
        const string Own = "`FileDigest`, one thread";
        const string OwnOnTwo = "`FileDigest`, two threads";
        const string BuiltIn = "`GetFileHash`";
        FilePath[] files = SmallFiles(folder);
        string[] digests = new string[Count];
        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 3,
        [
            Case.Timed(Bare, () => BareHash.All(files, 1), operations: Count),
            Case.Timed(BareOnTwo, () => BareHash.All(files, 2), operations: Count),
            Case.Timed("`OpenHandle`, `RandomAccess.Read`, `SHA256.HashData`", () => BareHash.AllByHandle(files), operations: Count),
            Case.Timed(Own, () => OnOneThread(files, digests), operations: Count),
            Case.Timed(OwnOnTwo, () => OnTwoThreads(files, digests), operations: Count),
        ]);

        // Once only, and fewer of them: it takes milliseconds a file.
        string[] some = [.. files.Take(BuiltInCount).Select(file => file.Full)];
        IReadOnlyList<string> builtIn = [];
        Case once = Case.Timed(BuiltIn, () => builtIn = BuiltInTasks.Hash(some), operations: BuiltInCount);
        measurements = [.. measurements, new Measurement(BuiltIn, [once.Sample()])];
        for (int i = 0; i < some.Length; i++)
        {
            Expect(digests[i], builtIn[i]);
        }

        Table.Print(
            $"SHA-256 of {Count} files of 4 KiB, a file, {rounds} rounds",
            Unit.OneMicrosecond,
            measurements,
            Comparison.AtMost(Own, 1.05, Bare),
            Comparison.AtLeastSpeed(Own, 100, BuiltIn),
            Comparison.AtLeastSpeed(OwnOnTwo, 1.7, Own),
            Comparison.Unbound(OwnOnTwo, BareOnTwo));
        Console.WriteLine($"`GetFileHash` ran once, on {BuiltInCount} of the files.");
    }

    private static void OnOneThread(FilePath[] files, string[] digests)
    {
        for (int i = 0; i < files.Length; i++)
        {
            digests[i] = FileDigest.Compute(files[i]);
        }
    }

    // As VerifyChecksum does it.
    private static void OnTwoThreads(FilePath[] files, string[] digests) =>
        Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => digests[i] = FileDigest.Compute(files[i]));

    private static FilePath[] SmallFiles(BenchmarkFolder folder)
    {
        Directory.CreateDirectory(folder["small"]);
        byte[] content = new byte[4 << 10];
        Random random = new(1);
        FilePath[] files = [.. Enumerable.Range(0, Count).Select(i => FilePath.Resolve(folder.Root, $"small/{i:00000}.bin"))];
        foreach (FilePath file in files)
        {
            random.NextBytes(content);
            File.WriteAllBytes(file.Full, content);
        }

        folder.Settle();
        return files;
    }

    // One second a round, in turn with the others, instead of three at once.
    private static double BytesPerSecond()
    {
        string output = Programs.Run("openssl", "speed", "-mr", "-evp", "sha256", "-bytes", "65536", "-seconds", "1");
        string figures = output.Split('\n').Last(line => line.StartsWith("+F:", StringComparison.Ordinal));
        return double.Parse(figures.Split(':')[3], CultureInfo.InvariantCulture);
    }

    private static void Expect(string? own, string other)
    {
        if (!string.Equals(own, other, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The digests differ: {own} and {other}.");
        }
    }
}
