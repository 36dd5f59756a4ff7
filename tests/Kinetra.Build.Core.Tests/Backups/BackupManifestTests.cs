using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupManifestTests : IDisposable
{
    private const string Manifest = "data/backups/workflow/manifest.json";

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    /// <summary>What to replace in a sound manifest, by what.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { "{", "" },
        { "}", "" },
        { "\"version\": 1", "\"version\": 2" },
        { "\"version\": 1", "\"version\": \"1\"" },
        { "\"version\": 1,", "" },
        { "\"lastSequence\": 1", "\"lastSequence\": 0" },
        { "\"lastSequence\": 1", "\"lastSequence\": 1.5" },
        { "\"backups\"", "\"other\"" },
        { "\"sequence\": 1", "\"sequence\": \"1\"" },
        { "\"file\"", "\"fail\"" },
        { "\"a.txt\"", "7" },
        { "\"sha256\": \"", "\"sha256\": \"0" },
        { "\"sha256\": \"6", "\"sha256\": \"x" },
        { "\"size\": 1", "\"size\": null" },
        { "2026-11-23", "2026-13-23" },
        { "\"a.txt.2026", "\"../a.txt.2026" },
        { "\"a.txt.2026", "\"/etc/a.txt.2026" },
        { "\"mode\": \"", "\"mode\": \"rw-" },
        { "\"mode\": \"", "\"mode\": 420, \"was\": \"" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_is_an_error_and_changes_nothing(string part, string replacement)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && part.Contains("mode"), "Windows has no modes.");
        string damaged = Damage(part, replacement);
        AssertRefused(damaged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    public void Anything_else_in_its_place_is_an_error(string text)
    {
        Damage("{", "{");
        _project.Write(Manifest, text);
        AssertRefused(text);
    }

    [Theory]
    [InlineData("\"sha256\": \"", "\"sha256\": null, \"was\": \"")]
    [InlineData("\"backup\": \"", "\"backup\": null, \"was\": \"")]
    [InlineData("\"file\": \"", "\"file\": null, \"was\": \"")]
    [InlineData("\"backup\": \"", "\"backup\": \"..\", \"was\": \"")]
    [InlineData("\"backup\": \"", "\"backup\": \"\", \"was\": \"")]
    [InlineData("\"backup\": \"", "\"backup\": \"manifest.json\", \"was\": \"")]
    [InlineData("\"mode\": \"", "\"mode\": null, \"was\": \"")]
    [InlineData("\"mode\": \"", "\"mode\": \"7777777")]
    public void Values_that_cannot_be_are_damage_too(string part, string replacement)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && part.Contains("mode"), "Windows has no modes.");
        AssertRefused(Damage(part, replacement));
    }

    [Fact]
    public void A_manifest_cut_anywhere_is_an_error()
    {
        string whole = Damage("{", "{").TrimEnd();
        for (int length = 0; length < whole.Length; length++)
        {
            _project.Write(Manifest, whole[..length]);
            _project.Fails(DiagnosticCodes.CorruptManifest, () => BackupManifest.Read(_project.Path(TestProject.BackupDirectory)));
        }
    }

    [Fact]
    public void Records_are_read_back_as_they_were_written()
    {
        FilePath folder = _project.Path(TestProject.BackupDirectory);
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : UnixMode.Private;
        BackupRecord[] records =
        [
            new(1, "ü \"x\".txt", "ü \"x\".txt.20261123_045501.bak", TestProject.Sha256("1"), 1, _project.Time.GetUtcNow().AddTicks(1), mode, Replaced: false),
            new(2, "b", "b.bak", TestProject.Sha256("2"), 1L << 40, _project.Time.GetUtcNow(), null, Replaced: true),
        ];
        BackupManifest manifest = BackupManifest.Read(folder);
        Array.ForEach(records, manifest.Add);
        BackupManifest read = BackupManifest.Read(folder);
        Assert.Equal(records, read.Records);
        Assert.Equal(3, read.NextSequence);
    }

    [Fact]
    public void Fields_of_a_later_release_do_not_matter()
    {
        Damage("\"version\": 1", "\"later\": {}, \"version\": 1");
        Assert.Single(BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records);
    }

    // Makes a backup of a.txt and damages the manifest that goes with it.
    private string Damage(string part, string replacement)
    {
        _project.Backups.Create(_project.Write("a.txt", "1"), BackupRotation.None);
        string sound = _project.Folder.Read(Manifest);
        int place = part == "}" ? sound.LastIndexOf(part, StringComparison.Ordinal) : sound.IndexOf(part, StringComparison.Ordinal);
        Assert.True(place >= 0, sound);
        string damaged = sound[..place] + replacement + sound[(place + part.Length)..];
        _project.Write(Manifest, damaged);
        _project.Write("a.txt", "2");
        return damaged;
    }

    private void AssertRefused(string damaged)
    {
        FilePath file = _project.Path("a.txt");
        IReadOnlyList<string> before = _project.Folder.Files();
        _project.Fails(DiagnosticCodes.CorruptManifest, () => _project.Backups.Create(file, new BackupRotation(Keep: 1)));
        _project.Fails(DiagnosticCodes.CorruptManifest, () => _project.Files.Restore(file, BackupChoice.Newest, new WriteOptions(true, true)));
        Assert.Equal(damaged, _project.Folder.Read(Manifest));
        Assert.Equal("2", _project.Folder.Read("a.txt"));
        Assert.Equal(before, _project.Folder.Files());
    }
}
