using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests;

/// <summary>A project in a folder of its own, with the stores where the defaults put them and a clock that stands still.</summary>
internal sealed class TestProject : IDisposable
{
    public const string State = ".workflow_state";
    public const string BackupDirectory = "data/backups/workflow";
    public const string LogDirectory = "logs/workflow";

    public TestProject()
    {
        Checksums = new ChecksumStore(Path(State), Folder.Root);
        Backups = new BackupStore(Path(BackupDirectory), Folder.Root, Time);
        Files = new ProtectedFiles(Checksums, Backups, BackupRotation.None);
        Integrity = new IntegrityCheck(Checksums, Files);
    }

    public TempFolder Folder { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 4, 55, 1, TimeSpan.Zero));

    public ChecksumStore Checksums { get; }

    public BackupStore Backups { get; }

    public ProtectedFiles Files { get; }

    public IntegrityCheck Integrity { get; }

    /// <summary>A key of random bytes.</summary>
    public static SecretKey NewKey() => SecretKey.ParseForSigning("KinetraTestKeyVariable", "KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    public FilePath Path(string relative) => FilePath.Resolve(Folder.Root, relative);

    public FilePath Write(string relative, string content)
    {
        Folder.Write(relative, content);
        return Path(relative);
    }

    /// <summary>Writes as the workflow does: with a backup of the old content and a checksum.</summary>
    public WriteResult Protect(string relative, string content, bool onlyIfChanged = false, UnixFileMode? mode = null) =>
        Files.Write(Path(relative), FileContent.Text(content, "utf-8"), new WriteOptions(Backup: true, Checksum: true, onlyIfChanged, mode));

    public RunSettings Settings(string workflow = "master", int? logKeep = null, params (string Name, string Value)[] metadata) =>
        new(workflow, Path(State), Path(LogDirectory), logKeep, metadata.ToDictionary(item => item.Name, item => item.Value)) { WritesAtOnce = true };

    public WorkflowRun StartRun(string workflow = "master") => WorkflowRun.Start(Settings(workflow), Time);

    /// <summary>What an interrupted write leaves behind: none should be found.</summary>
    public IEnumerable<string> TemporaryFiles() => Folder.Files().Where(file => file.EndsWith(".tmp", StringComparison.Ordinal));

    public void Dispose() => Folder.Dispose();

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Asserts that something fails with a code, and leaves no temporary file.</summary>
    public KinetraException Fails(string code, Action action)
    {
        KinetraException error = Assert.Throws<KinetraException>(action);
        Assert.Equal(code, error.Code);
        Assert.Empty(TemporaryFiles());
        return error;
    }
}
