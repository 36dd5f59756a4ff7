using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupManifestTests : IDisposable
{
    private const string Manifest = TestProject.BackupDirectory + "/" + BackupManifest.FileName;

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    /// <summary>What to replace in a sound record, by what; the journal around it is made sound again.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { "{\"add\"", "\"add\"" },
        { "}}", "}" },
        { "\"add\"", "\"other\"" },
        { "{\"add\":", "{\"add\":1,\"was\":" },
        { "{\"add\":", "{\"remove\":1,\"was\":" },
        { "{\"add\":", "{\"remove\":[\"1\"],\"was\":" },
        { "\"sequence\":1", "\"sequence\":\"1\"" },
        { "\"sequence\":1", "\"sequence\":1.5" },
        { "\"sequence\":1", "\"sequence\":0" },
        { "\"file\"", "\"fail\"" },
        { "\"a.txt\"", "7" },
        { "\"sha256\":\"", "\"sha256\":\"0" },
        { "\"sha256\":\"6", "\"sha256\":\"x" },
        { "\"size\":1", "\"size\":null" },
        { "2026-11-23", "2026-13-23" },
        { "\"a.txt.2026", "\"../a.txt.2026" },
        { "\"a.txt.2026", "\"/etc/a.txt.2026" },
        { "\"mode\":\"", "\"mode\":\"rw-" },
        { "\"mode\":\"", "\"mode\":420,\"was\":\"" },
        { "\"mode\":\"", "\"mode\":null,\"was\":\"" },
        { "\"mode\":\"", "\"mode\":\"7777777" },
        { "\"sha256\":\"", "\"sha256\":null,\"was\":\"" },
        { "\"backup\":\"", "\"backup\":null,\"was\":\"" },
        { "\"file\":\"", "\"file\":null,\"was\":\"" },
        { "\"backup\":\"", "\"backup\":\"..\",\"was\":\"" },
        { "\"backup\":\"", "\"backup\":\"\",\"was\":\"" },
        { "\"backup\":\"", "\"backup\":\"manifest.journal\",\"was\":\"" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_record_that_makes_no_sense_is_an_error_and_changes_nothing(string part, string replacement)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && part.Contains("mode"), "Windows has no modes.");
        AssertRefused(Damage(part, replacement));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("kinetra-backups 2\n")]
    [InlineData("kinetra-backups")]
    [InlineData("\0\0\0\0")]
    public void Anything_else_in_its_place_is_an_error(string text)
    {
        Damage("{", "{");
        _project.Write(Manifest, text);
        AssertRefused(text);
    }

    [Fact]
    public void A_sequence_number_that_comes_twice_is_an_error()
    {
        Damage("{", "{");
        FilePath file = _project.Path(Manifest);
        Journal journal = Journal.Read(file, BackupManifest.Kind);
        journal.Append(journal.Records[0]);
        AssertRefused(_project.Folder.Read(Manifest));
    }

    [Fact]
    public void What_a_crash_cut_off_at_the_end_was_no_backup_yet()
    {
        Damage("{", "{");
        string one = _project.Folder.Read(Manifest);
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        string two = _project.Folder.Read(Manifest);
        for (int length = one.Length; length < two.Length; length++)
        {
            _project.Write(Manifest, two[..length]);
            Assert.Single(BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records);
        }
    }

    [Fact]
    public void Records_are_read_back_as_they_were_written()
    {
        FilePath folder = _project.Path(TestProject.BackupDirectory);
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : UnixMode.Private;
        BackupRecord[] records =
        [
            new(1, "ü \"x\"\n.txt", "ü \"x\"\n.txt.20261123_045501.bak", TestProject.Sha256("1"), 1, _project.Time.GetUtcNow().AddTicks(1), mode, Replaced: false, Encrypted: false),
            new(2, "b", "b.bak", TestProject.Sha256("2"), 1L << 40, _project.Time.GetUtcNow(), null, Replaced: true, Encrypted: true),
        ];
        BackupManifest manifest = BackupManifest.Read(folder);
        Array.ForEach(records, record => manifest.Change(record, []));
        BackupManifest read = BackupManifest.Read(folder);
        Assert.Equal(records, read.Records);
        Assert.Equal(3, read.NextSequence);
    }

    [Fact]
    public void Fields_of_a_later_release_do_not_matter()
    {
        Damage("\"sequence\"", "\"later\":{},\"sequence\"");
        Assert.Single(BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records);
    }

    [Fact]
    public void Rotation_does_not_let_it_grow_for_ever()
    {
        FilePath file = _project.Write("a.txt", "1");
        for (int i = 0; i < 400; i++)
        {
            _project.Backups.Create(file, new BackupRotation(Keep: 2));
        }

        BackupManifest manifest = BackupManifest.Read(_project.Path(TestProject.BackupDirectory));
        Assert.Equal([399, 400], manifest.Records.Select(r => r.Sequence));
        Assert.InRange(File.ReadAllLines(_project.Folder[Manifest]).Length, 3, 210);
    }

    // Makes a backup of a.txt and damages the record that goes with it.
    private string Damage(string part, string replacement)
    {
        _project.Backups.Create(_project.Write("a.txt", "1"), BackupRotation.None);
        Journal journal = Journal.Read(_project.Path(Manifest), BackupManifest.Kind);
        string sound = Encoding.UTF8.GetString(Assert.Single(journal.Records).Span);
        Assert.Contains(part, sound);
        int place = sound.IndexOf(part, StringComparison.Ordinal);
        journal.Rewrite([Encoding.UTF8.GetBytes(sound[..place] + replacement + sound[(place + part.Length)..])]);
        _project.Write("a.txt", "2");
        return _project.Folder.Read(Manifest);
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
