using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Torture;

/// <summary>A project folder with one file in it and the stores where the defaults put them.</summary>
public sealed class Scene
{
    /// <summary>The file that every operation works on. It is in a directory, which store folders have to mirror.</summary>
    public const string TargetName = "config/service.env";

    /// <summary>The state directory.</summary>
    public const string StateName = ".workflow_state";

    /// <summary>The backup directory.</summary>
    public const string BackupsName = "data/backups/workflow";

    /// <summary>The file's mode: neither what a umask makes, nor what a temporary file has.</summary>
    public const UnixFileMode TargetMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>The key of encrypted backups.</summary>
    public static readonly SecretKey Key = SecretKey.Parse("KinetraBackupKeyVariable", "KEY", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");

    private readonly BackupStore _backups;

    /// <summary>Opens the folder.</summary>
    /// <param name="root">The project's directory, absolute.</param>
    /// <param name="time">The clock for the names of backups; null for one that stands still.</param>
    /// <param name="key">Encrypts backups; null for plain ones.</param>
    public Scene(string root, TimeProvider? time = null, SecretKey? key = null)
    {
        Root = root;
        Target = Path(TargetName);
        Checksums = new ChecksumStore(Path(StateName), root);
        _backups = new BackupStore(Path(BackupsName), root, time ?? new FixedTime(), key);
        Files = new ProtectedFiles(Checksums, _backups, BackupRotation.None);
        Integrity = new IntegrityCheck(Checksums, Files);
    }

    /// <summary>The project's directory.</summary>
    public string Root { get; }

    /// <summary>The file that is worked on.</summary>
    public FilePath Target { get; }

    /// <summary>The recorded checksums.</summary>
    public ChecksumStore Checksums { get; }

    /// <summary>Writes and restores.</summary>
    public ProtectedFiles Files { get; }

    /// <summary>Verifies.</summary>
    public IntegrityCheck Integrity { get; }

    /// <summary>The same folder with a key.</summary>
    public Scene Encrypted => new(Root, key: Key);

    /// <summary>A path in the project.</summary>
    /// <param name="relative">Its path below the project's directory.</param>
    public FilePath Path(string relative) => FilePath.Resolve(Root, relative);

    /// <summary>Puts the file in place as a user does: without any protection.</summary>
    /// <param name="content">Its content.</param>
    public void Put(string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Target.Full)!);
        File.WriteAllText(Target.Full, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Target.Full, TargetMode);
        }
    }

    /// <summary>Writes the file atomically, and nothing else.</summary>
    /// <param name="content">Its content.</param>
    public void WriteAtomically(string content) => AtomicFile.Write(Target, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes the file as the workflow does: with a backup of the old content and a checksum.</summary>
    /// <param name="content">Its content.</param>
    public WriteResult Write(string content) =>
        Files.Write(Target, FileContent.Text(content, "utf-8"), new WriteOptions(Backup: true, Checksum: true));

    /// <summary>Backs the file up.</summary>
    /// <param name="keep">How many backups are kept; null for all.</param>
    public Backup BackUp(int? keep = null) => _backups.Create(Target, new BackupRotation(keep));

    /// <summary>Restores the newest backup, with a backup of what it replaces and a checksum.</summary>
    public RestoreResult Restore() => Files.Restore(Target, BackupChoice.Newest, new WriteOptions(Backup: true, Checksum: true));
}
