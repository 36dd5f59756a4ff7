using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Torture;
using Xunit;
using Version = Kinetra.Build.Torture.Version;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Many processes write, back up and read one file at the same time.</summary>
[Collection(SweepCollection.Name)]
public sealed partial class ConcurrencyTests
{
    private const int Writers = 16;
    private const int Readers = 2;

    [Fact]
    public void Processes_that_write_one_file_lose_no_version_and_readers_see_whole_ones_only()
    {
        Platform.RequireLinux();
        string seconds = Sweep.IsFull ? "20" : "3";
        using Workspace folder = Workspace.Empty();
        Scene scene = folder.Scene;
        scene.Put("");
        Version first = new("first", 1);
        scene.Write(first.ToText());

        string[][] commands =
        [
            .. Enumerable.Range(1, Writers).Select(number => (string[])["hammer", folder.Root, $"w{number}", seconds]),
            .. Enumerable.Repeat((string[])["watch", folder.Root, seconds], Readers),
        ];
        ProcessResult[] results = new ProcessResult[commands.Length];
        Concurrently.Run(commands.Length, index => results[index] = Victim.Run(commands[index]));
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Output));

        int[] writes = [.. results.Take(Writers).Select(result => Count(result, "writes"))];
        int extra = results.Take(Writers).Sum(result => Count(result, "backups"));
        int reads = results.Skip(Writers).Sum(result => Count(result, "reads"));
        int torn = results.Skip(Writers).Sum(result => Count(result, "torn"));
        IReadOnlyList<BackupRecord> records = BackupManifest.Read(scene.Path($"{Scene.BackupsName}/config")).Records;
        Sweep.Report(
            "concurrency",
            $"{Writers} writers, {writes.Sum()} writes, {records.Count} backups; {Readers} readers, {reads} reads, {torn} torn");

        Assert.Equal(0, torn);
        Assert.NotEqual(0, reads);
        Assert.All(writes, count => Assert.NotEqual(0, count));

        // Each write backs up what it replaces, so that every version ever written is in a backup but the one that is in the file.
        Assert.Equal(writes.Sum() + extra + 1, records.Count);
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (long)number), records.Select(record => record.Sequence).Order());
        Assert.Equal(records.Count, records.Select(record => record.Backup).Distinct().Count());
        string backups = Path.Combine(folder.Root, Scene.BackupsName, "config");
        Assert.Equal(records.Select(record => record.Backup).Order(), Directory.EnumerateFiles(backups, "*.bak").Select(path => Path.GetFileName(path)!).Order());

        HashSet<Version> seen = [Whole(scene.Target.Full)];
        foreach (BackupRecord record in records.OrderBy(record => record.Sequence).Skip(1))
        {
            string path = Path.Combine(backups, record.Backup);
            Assert.Equal(record.Sha256, FileDigest.Compute(new FilePath(path, record.Backup)));
            seen.Add(Whole(path));
        }

        HashSet<Version> written = [first, .. writes.SelectMany((count, writer) => Enumerable.Range(1, count).Select(number => new Version($"w{writer + 1}", number)))];
        Assert.Equal(written.Count, seen.Count);
        Assert.Subset(written, seen);
        Assert.True(scene.Checksums.Verify(scene.Target, FileDigest.Compute(scene.Target)));
        Assert.Null(scene.Checksums.Find(scene.Target)!.Pending);
        Assert.DoesNotContain(folder.Files(), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_version_that_is_cut_or_mixed_is_not_taken_for_whole()
    {
        string text = new Version("w1", 7).ToText();
        string other = new Version("w2", 7).ToText();
        Assert.Equal(new Version("w1", 7), Version.TryParse(text));
        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Null(Version.TryParse(text[..length])));
        Assert.Null(Version.TryParse(string.Concat(text.AsSpan(0, text.Length / 2), other.AsSpan(other.Length / 2))));
    }

    private static Version Whole(string path)
    {
        Version? version = Version.TryParse(File.ReadAllText(path));
        Assert.True(version is not null, $"{path} is not whole");
        return version.Value;
    }

    private static int Count(ProcessResult result, string name) =>
        int.Parse(Counts().Matches(result.Output).Single(match => match.Groups["name"].Value == name).Groups["count"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<name>\w+)=(?<count>\d+)")]
    private static partial Regex Counts();
}
