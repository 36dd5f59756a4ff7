using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>Takes steps in a real project and in the model at once, and compares the two after each.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ProtectedFilesRun : IDisposable
{
    private readonly TestProject _project = new();
    private readonly ProtectedFilesModel _model = new();
    private readonly HashSet<string> _leftovers = [];
    private readonly UnixFileMode _standard;

    public ProtectedFilesRun()
    {
        _model.Now = _project.Time.GetUtcNow();
        _standard = File.GetUnixFileMode(_project.Write("standard", "").Full);
        File.Delete(_project.Folder["standard"]);
    }

    public void Dispose() => _project.Dispose();

    public void Take(Step step)
    {
        FilePath path = _project.Path(ProtectedFilesModel.Paths[step.File]);
        ModelFile file = _model.Files[step.File];
        switch (step)
        {
            case WriteStep write:
                Write(path, file, write);
                break;
            case TamperStep tamper:
                Tamper(path, file, tamper.Content);
                break;
            case DirectoryStep:
                PutDirectory(path, file);
                break;
            case BackUpStep backUp:
                BackUp(path, file, backUp.Rotation);
                break;
            case DamageStep damage:
                Damage(file, damage);
                break;
            case RestoreStep restore:
                Restore(path, file, restore);
                break;
            case VerifyStep verify:
                Verify(path, file, verify);
                break;
            case ClockStep clock:
                _project.Time.AdjustTime(_model.Now += clock.By);
                break;
            case LeftoverStep:
                Leave(path);
                break;
        }

        Compare();
    }

    /// <summary>Asks for the newest backup of each file, and for the newest at the time of each of them.</summary>
    public void CheckOrder()
    {
        for (int index = 0; index < _model.Files.Length; index++)
        {
            int count = _model.Files[index].Backups.Count;
            Which[] all = [Which.Newest, .. Enumerable.Range(0, count).Select(number => new Which(At: number)), .. Enumerable.Range(0, count).Select(number => new Which(Owner: index, Exactly: number))];
            foreach (Which which in all)
            {
                Take(new RestoreStep(index, which, Backup: false, Checksum: false));
            }
        }
    }

    private void Write(FilePath path, ModelFile file, WriteStep step)
    {
        ProtectedFiles files = new(_project.Checksums, _project.Backups, step.Rotation);
        WriteResult? result = Try(() => files.Write(path, FileContent.Text(step.Content, "utf-8"), step.Options), file.IsDirectory ? [DiagnosticCodes.UnusablePath] : []);
        if (result is null)
        {
            return;
        }

        WriteOptions options = step.Options;
        bool equal = file.Content == step.Content && (options.Mode is null || options.Mode == file.Mode);
        Assert.Equal(TestProject.Sha256(step.Content), result.Sha256);
        Assert.Equal(!(options.OnlyIfChanged && equal), result.Changed);
        ModelBackup? backup = result.Changed && options.Backup && file.Content is not null ? _model.BackUp(file, step.Rotation) : null;
        Found(path, backup, result.Backup);
        if (result.Changed)
        {
            file.Mode = options.Mode ?? (file.Content is null ? _standard : file.Mode);
            file.Content = step.Content;
        }

        if (options.Checksum)
        {
            file.Recorded = step.Content;
        }
    }

    private void Tamper(FilePath path, ModelFile file, string? content)
    {
        if (file.IsDirectory || (content is null && file.Content is null))
        {
            return;
        }

        file.Mode = file.Content is null ? _standard : file.Mode;
        file.Content = content;
        if (content is null)
        {
            File.Delete(path.Full);
        }
        else
        {
            _project.Folder.Write(path.Display, content);
        }
    }

    private static void PutDirectory(FilePath path, ModelFile file)
    {
        if (file.IsDirectory)
        {
            Directory.Delete(path.Full);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path.Full)!);
            File.Delete(path.Full);
            Directory.CreateDirectory(path.Full);
        }

        (file.IsDirectory, file.Content) = (!file.IsDirectory, null);
    }

    private void BackUp(FilePath path, ModelFile file, BackupRotation rotation)
    {
        Backup? made = Try(() => _project.Backups.Create(path, rotation), file.Content is null ? [DiagnosticCodes.NothingToBackUp] : []);
        if (made is not null)
        {
            Found(path, _model.BackUp(file, rotation), made);
        }
    }

    private void Damage(ModelFile file, DamageStep step)
    {
        if (file.Backups.Count == 0)
        {
            return;
        }

        ModelBackup backup = file.Backups[step.Number % file.Backups.Count];
        backup.OnDisk = step.Cut ? backup.OnDisk[..(backup.OnDisk.Length / 2)] : backup.OnDisk + "!";
        _project.Folder.Write(backup.Path, backup.OnDisk);
    }

    private void Restore(FilePath path, ModelFile file, RestoreStep step)
    {
        ModelBackup? wanted;
        BackupChoice choice;
        string none = DiagnosticCodes.NoBackup;
        if (step.Which.Exactly is { } number)
        {
            List<ModelBackup> backups = _model.Files[step.Which.Owner].Backups;
            wanted = backups.Count == 0 ? null : backups[number % backups.Count];
            choice = BackupChoice.Exactly(_project.Path(wanted?.Path ?? "data/backups/workflow/a/nothing.bak"));
            wanted = file.Backups.Contains(wanted!) ? wanted : null;
            none = DiagnosticCodes.ForeignBackup;
        }
        else
        {
            DateTimeOffset? time = step.Which.At is { } at ? (file.Backups.Count == 0 ? _model.Now : file.Backups[at % file.Backups.Count].Time) : null;
            wanted = file.Newest(time);
            choice = time is { } latest ? BackupChoice.NotLaterThan("At", latest.ToString("O", CultureInfo.InvariantCulture)) : BackupChoice.Newest;
        }

        WriteOptions options = new(step.Backup, step.Checksum);
        RestoreResult? result = Try(() => _project.Files.Restore(path, choice, options), ReasonsAgainst(file, wanted, none));
        if (result is null)
        {
            return;
        }

        Found(path, wanted, result.Restored);
        Found(path, Bring(file, wanted!, options), result.Replaced);
    }

    private void Verify(FilePath path, ModelFile file, VerifyStep step)
    {
        string? due = step.Expected ?? file.Recorded;
        bool restores = step.Mismatch == Mismatch.Restore && due is not null && file.Content != due;
        string[] reasons = restores ? ReasonsAgainst(file, file.Holding(due!), DiagnosticCodes.NoBackup)
            : file.IsDirectory ? [DiagnosticCodes.UnusablePath]
            : file.Content is null ? [DiagnosticCodes.FileMissing]
            : [];
        string? digest = step.Expected is null ? null : TestProject.Sha256(step.Expected);
        IntegrityResult? result = Try(() => _project.Integrity.Verify(path, digest, step.Missing, step.Mismatch), reasons);
        if (result is null)
        {
            return;
        }

        ModelBackup? restored = restores ? file.Holding(due!) : null;
        bool isFirst = due is null && step.Missing == MissingBaseline.Record;
        Assert.Equal(isFirst, result.Recorded);
        Assert.Equal(restores || isFirst || file.Content == due, result.IsValid);
        Assert.Equal(restores ? DiagnosticCodes.RestoredFromBackup : result.IsValid ? null : due is null ? DiagnosticCodes.NoBaseline : DiagnosticCodes.ChecksumMismatch, result.Problem?.Code);
        Found(path, restored, result.Restored);
        if (restored is not null)
        {
            Found(path, Bring(file, restored, new WriteOptions(Backup: true, Checksum: true)));
        }

        // What may have to be restored one day is backed up while it is good.
        bool backsUp = step.Mismatch == Mismatch.Restore && result.IsValid && !restores && !file.Backups.Any(backup => backup.Content == file.Content && backup.OnDisk.Length == backup.Content.Length);
        Found(path, backsUp ? _model.BackUp(file, BackupRotation.None) : null, result.BackedUp);
        file.Recorded = isFirst ? file.Content : file.Recorded;
    }

    // What keeps a backup from being restored; where there are several reasons, either may be told.
    private static string[] ReasonsAgainst(ModelFile file, ModelBackup? wanted, string none) =>
        wanted is null ? (file.IsDirectory ? [none, DiagnosticCodes.UnusablePath] : [none])
        : [.. new[] { (file.IsDirectory, DiagnosticCodes.UnusablePath), (wanted.OnDisk != wanted.Content, DiagnosticCodes.CorruptBackup) }.Where(reason => reason.Item1).Select(reason => reason.Item2)];

    // Restores in the model. What is replaced drives out no other backup.
    private ModelBackup? Bring(ModelFile file, ModelBackup wanted, WriteOptions options)
    {
        bool same = file.Content == wanted.Content && file.Mode == wanted.Mode;
        ModelBackup? replaced = !same && options.Backup && file.Content is not null ? _model.BackUp(file, BackupRotation.None, replaced: true) : null;
        (file.Content, file.Mode) = (wanted.Content, wanted.Mode);
        file.Recorded = options.Checksum ? wanted.Content : file.Recorded;
        return replaced;
    }

    // A backup that was said to be made or restored is the model's; of a new one the name is learnt.
    private void Found(FilePath path, ModelBackup? expected, Backup? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is null)
        {
            return;
        }

        Found(path, expected);
        Assert.Equal(expected.Path, actual!.Path);
        Assert.Equal(path.Display, actual.OriginalPath);
        Assert.Equal(TestProject.Sha256(expected.Content), actual.Sha256);
        Assert.Equal(expected.Time, actual.Timestamp);
    }

    private void Found(FilePath path, ModelBackup? made)
    {
        if (made is null || made.Path.Length > 0)
        {
            return;
        }

        HashSet<string> known = [.. _model.Files.SelectMany(file => file.Backups).Select(backup => backup.Path)];
        string stamp = made.Time.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        Regex name = new($@"^{Regex.Escape($"{TestProject.BackupDirectory}/{path.Display}.{stamp}")}(-\d{{3,}})?\.bak$");
        made.Path = Assert.Single(BackupsOnDisk(), backup => !known.Contains(backup) && name.IsMatch(backup));
    }

    private void Leave(FilePath path)
    {
        foreach (string folder in new[] { Path.GetDirectoryName(path.Display)!, TestProject.BackupDirectory, TestProject.State })
        {
            // The stores make their own folders, with the right mode.
            if (folder.Length < 3 || Directory.Exists(_project.Folder[folder]))
            {
                string leftover = $"{folder}/.kinetra-{Guid.NewGuid():N}.tmp";
                _project.Write(leftover, "half of a fi");
                _leftovers.Add(leftover);
            }
        }
    }

    private void Compare()
    {
        for (int index = 0; index < _model.Files.Length; index++)
        {
            FilePath path = _project.Path(ProtectedFilesModel.Paths[index]);
            ModelFile file = _model.Files[index];
            Assert.Equal(file.IsDirectory, Directory.Exists(path.Full));
            Assert.Equal(file.Content, File.Exists(path.Full) ? File.ReadAllText(path.Full) : null);
            if (file.Content is not null)
            {
                Assert.Equal(file.Mode, File.GetUnixFileMode(path.Full));
            }

            ChecksumRecord? record = _project.Checksums.Find(path);
            Assert.Equal(file.Recorded is null ? null : TestProject.Sha256(file.Recorded), record?.Current);
            Assert.Null(record?.Pending);
            if (file.Content is { } content)
            {
                Assert.Equal(file.Recorded is null ? null : content == file.Recorded, _project.Checksums.Verify(path, TestProject.Sha256(content)));
            }
        }

        ModelBackup[] backups = [.. _model.Files.SelectMany(file => file.Backups).OrderBy(backup => backup.Path, StringComparer.Ordinal)];
        Assert.Equal(backups.Select(backup => (backup.Path, backup.OnDisk)), BackupsOnDisk().Select(backup => (backup, _project.Folder.Read(backup))));
        Assert.Empty(_project.TemporaryFiles().Except(_leftovers));
    }

    private IEnumerable<string> BackupsOnDisk() => _project.Folder.Files().Where(file => file.EndsWith(".bak", StringComparison.Ordinal));

    // The result, or null if it failed with one of the codes that it has to fail with.
    private static T? Try<T>(Func<T> action, string[] codes)
        where T : class
    {
        try
        {
            T result = action();
            Assert.True(codes.Length == 0, $"expected {string.Join(" or ", codes)}, but it succeeded");
            return result;
        }
        catch (KinetraException error)
        {
            Assert.True(codes.Contains(error.Code), $"expected {(codes.Length == 0 ? "success" : string.Join(" or ", codes))}, but: {error.Code}: {error.Message}");
            return null;
        }
    }
}
