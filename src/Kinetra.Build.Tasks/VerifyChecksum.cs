using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Verifies files against an expected checksum or the one that was recorded when the workflow last wrote them. A changed
/// file is never taken as the new baseline.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyChecksum : KinetraTask
{
    /// <summary>The files, relative to the project. Metadata <c>Sha256</c> gives the expected checksum of one.</summary>
    [Required]
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>The expected SHA-256 of all files without metadata <c>Sha256</c>: 64 hexadecimal digits in either case. Default: the recorded one.</summary>
    public string? ExpectedChecksum { get; set; }

    /// <summary>For a file without a recorded checksum: <c>Record</c> takes its content as the baseline and says so, <c>Fail</c> is an error. Default: <c>Record</c>, but <c>Fail</c> with a key.</summary>
    public string? OnMissingBaseline { get; set; }

    /// <summary>For a file with another content: <c>Fail</c> (default), <c>Warn</c>, or <c>Restore</c> the newest backup with the recorded content, which also brings back a file that is gone.</summary>
    public string OnMismatch { get; set; } = nameof(Mismatch.Fail);

    /// <summary>Whether every file has the content that it should have, restored ones included.</summary>
    [Output]
    public bool IsValid { get; private set; }

    /// <summary>The files that do not have it.</summary>
    [Output]
    public ITaskItem[] InvalidFiles { get; private set; } = [];

    /// <summary>The files that were restored; metadata <c>RestoredFrom</c> names the backup.</summary>
    [Output]
    public ITaskItem[] RestoredFiles { get; private set; } = [];

    private protected override void Run()
    {
        Mismatch mismatch = Choice.Parse<Mismatch>(nameof(OnMismatch), OnMismatch);
        MissingBaseline missing = string.IsNullOrEmpty(OnMissingBaseline)
            ? Keys.Checksums is null ? MissingBaseline.Record : MissingBaseline.Fail
            : Choice.Parse<MissingBaseline>(nameof(OnMissingBaseline), OnMissingBaseline);
        (ITaskItem Item, FilePath Path, string? Expected)[] files = [.. Files.Select(item => (item, Resolve(item.ItemSpec), ExpectedOf(item)))];

        // The keys and stores are asked for here, as the engine answers this thread only.
        IntegrityCheck check = new(Checksums, ProtectedFiles, Settings.EnableChecksums, Settings.EnableBackups);
        bool recorded = Settings.EnableChecksums;
        IntegrityResult?[] results = new IntegrityResult?[files.Length];
        Parallel.For(0, files.Length, i => results[i] = files[i].Expected is null && !recorded ? null : Verify(check, files[i].Path, files[i].Expected, missing, mismatch));

        List<ITaskItem> invalid = [];
        List<ITaskItem> restored = [];
        foreach (((ITaskItem item, FilePath path, _), IntegrityResult? result) in files.Zip(results))
        {
            if (result is null)
            {
                Note($"{path} is not verified: KinetraEnableChecksums is false.");
                continue;
            }

            if (result.Restored is { } backup)
            {
                restored.Add(new Microsoft.Build.Utilities.TaskItem(item.ItemSpec, new Dictionary<string, string> { ["RestoredFrom"] = backup.Path }));
            }

            if (!result.IsValid)
            {
                invalid.Add(item);
            }

            Report(path, result, mismatch);
        }

        (InvalidFiles, RestoredFiles, IsValid) = ([.. invalid], [.. restored], invalid.Count == 0);
    }

    // One bad file does not keep the others from being looked at.
    private static IntegrityResult Verify(IntegrityCheck check, FilePath path, string? expected, MissingBaseline missing, Mismatch mismatch)
    {
        try
        {
            return check.Verify(path, expected, missing, mismatch);
        }
        catch (KinetraException error)
        {
            return new IntegrityResult(IsValid: false, Problem: error);
        }
    }

    private void Report(FilePath path, IntegrityResult result, Mismatch mismatch)
    {
        if (result.Problem is null)
        {
            string backup = result.BackedUp is { } made ? $" It is backed up to {made.Path}, so that it can be restored." : "";
            Note(result.Recorded ? $"{path}: first use, its checksum is recorded as the baseline.{backup}" : $"{path} has the content that it should have.{backup}");
        }
        else if (result.IsValid || (mismatch == Mismatch.Warn && result.Problem.Code == DiagnosticCodes.ChecksumMismatch))
        {
            Warning(result.Problem);
        }
        else
        {
            Error(result.Problem);
        }

        WarnOfOtherNames(path.Display, "restored", result.OtherNames);
    }

    private string? ExpectedOf(ITaskItem item)
    {
        string own = item.GetMetadata("Sha256");
        if (own.Length > 0)
        {
            return Sha256Text.Parse($"Sha256 of {item.ItemSpec}", own);
        }

        return ExpectedChecksum is null ? null : Sha256Text.Parse(nameof(ExpectedChecksum), ExpectedChecksum);
    }
}
