using System.Security.Cryptography;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a verified, durable backup of a large file costs beside copying and hashing it.</summary>
internal static class Backups
{
    private const long Size = 1L << 30;

    /// <summary>Measures and prints the table.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, string parent)
    {
        const string Copy = "`File.Copy`";
        const string Hash = "hash alone (`FileDigest.Compute`)";
        const string CopyThenHash = "`cp`, then `openssl dgst -sha256` of the copy";
        const string DurableCopy = "`cp`, then `sync` of the copy";
        const string DurableCopyThenHash = "`cp`, `sync`, `openssl dgst -sha256` of the copy";
        const string Own = "`BackupStore.Create`";
        const string Encrypted = "`BackupStore.Create`, encrypted";

        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, 2 * Size + (2L << 30));
        FilePath file = folder.RandomFile("large", Size);
        string copy = folder["copy"];

        // A store of its own for each backup, removed outside of the time as the other copies are: rotation does not count here.
        string store = folder["backups"];
        BackupStore backups = new(FilePath.Resolve(folder.Root, "backups"), folder.Root, TimeProvider.System);

        // What is removed before it is written back costs the next case nothing.
        void Remove() => File.Delete(copy);
        List<Case> cases =
        [
            Case.Timed(Copy, () => File.Copy(file.Full, copy)) with { After = Remove },
            Case.Timed(Hash, () => FileDigest.Compute(file)),
            Case.Timed(DurableCopy, () => Shell("cp \"$1\" \"$2\" && sync \"$2\"", file.Full, copy)) with { After = Remove },
        ];
        if (Programs.Has("openssl", "openssl"))
        {
            cases.Add(Case.Timed(CopyThenHash, () => Shell("cp \"$1\" \"$2\" && openssl dgst -sha256 \"$2\"", file.Full, copy)) with { After = Remove });
            cases.Add(Case.Timed(DurableCopyThenHash, () => Shell("cp \"$1\" \"$2\" && sync \"$2\" && openssl dgst -sha256 \"$2\"", file.Full, copy)) with { After = Remove });
        }

        cases.Add(Case.Timed(Own, () => backups.Create(file, BackupRotation.None)) with { After = () => Directory.Delete(store, recursive: true) });

        SecretKey key = SecretKey.Parse("KinetraBackupKeyVariable", "KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        BackupStore encrypted = new(FilePath.Resolve(folder.Root, "backups"), folder.Root, TimeProvider.System, key);
        cases.Add(Case.Timed(Encrypted, () => encrypted.Create(file, BackupRotation.None)) with { After = () => Directory.Delete(store, recursive: true) });
        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 1, cases, folder.Settle);
        Table.Print(
            $"backup of 1 GiB, {rounds} rounds",
            Unit.Milliseconds,
            measurements,
            Comparison.AtMost(Own, 1.05, Copy, Hash),
            Comparison.AtMost(Own, 0.7, CopyThenHash),
            Comparison.Unbound(Own, DurableCopy),
            Comparison.Unbound(Own, DurableCopyThenHash),
            Comparison.Unbound(Encrypted, Own));
    }

    private static void Shell(string script, params IEnumerable<string> arguments) => Programs.Run("sh", ["-c", script, "sh", .. arguments]);
}
