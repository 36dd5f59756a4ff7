using System.Runtime.Versioning;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

[UnsupportedOSPlatform("windows")]
public sealed class ChecksumStoreTests : IDisposable
{
    private static readonly string Old = TestProject.Sha256("old");
    private static readonly string New = TestProject.Sha256("new");

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_record_lies_where_the_seed_put_it()
    {
        _project.Checksums.Record(_project.Path(".env"), Old);
        Assert.Equal(Old, _project.Folder.Read(".workflow_state/.env.checksum").TrimEnd());
    }

    [Fact]
    public void A_record_of_the_seed_is_understood()
    {
        _project.Write(".workflow_state/.env.checksum", Old);
        Assert.True(_project.Checksums.Verify(_project.Path(".env"), Old));
        Assert.False(_project.Checksums.Verify(_project.Path(".env"), New));
    }

    [Fact]
    public void A_file_without_a_record_has_none() => Assert.Null(_project.Checksums.Verify(_project.Path("a"), Old));

    [Fact]
    public void A_record_is_private()
    {
        Platform.RequireUnix();
        _project.Checksums.Record(_project.Path("a"), Old);
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(_project.Folder[".workflow_state/a.checksum"]));
    }

    [Fact]
    public void A_damaged_record_is_an_error()
    {
        _project.Write(".workflow_state/a.checksum", "garbage");
        _project.Fails(DiagnosticCodes.CorruptChecksum, () => _project.Checksums.Verify(_project.Path("a"), Old));
        Assert.Equal("garbage", _project.Folder.Read(".workflow_state/a.checksum"));
    }

    [Fact]
    public void An_unreadable_record_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder[".workflow_state/a.checksum"]);
        _project.Fails(DiagnosticCodes.FileUnreadable, () => _project.Checksums.Find(_project.Path("a")));
    }

    [Fact]
    public void Files_of_one_name_in_several_places_have_a_record_each()
    {
        string[] files = ["a", "x/a", "y/a", "@root/a", "../a", "/a", "@/a", "@@/a"];
        foreach (string file in files)
        {
            Assert.Null(_project.Checksums.Find(_project.Path(file)));
            _project.Checksums.Record(_project.Path(file), TestProject.Sha256(file));
        }

        Assert.All(files, file => Assert.True(_project.Checksums.Verify(_project.Path(file), TestProject.Sha256(file))));
        Assert.All(_project.Folder.Files(), file => Assert.StartsWith(".workflow_state/", file));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    public void After_a_crash_between_announcement_and_end_either_content_is_right_and_is_settled(string content)
    {
        FilePath file = _project.Write("a", content);
        Interrupted(Old, New);

        string actual = TestProject.Sha256(content);
        Assert.True(_project.Checksums.Verify(file, actual));
        Assert.Equal(new ChecksumRecord(actual, null), _project.Checksums.Find(file));
        Assert.False(_project.Checksums.Verify(file, content == "old" ? New : Old));
    }

    [Fact]
    public void A_third_content_is_wrong_and_settles_nothing()
    {
        FilePath file = _project.Write("a", "tampered");
        Interrupted(Old, New);
        Assert.False(_project.Checksums.Verify(file, TestProject.Sha256("tampered")));
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_accepts_old_and_new_content()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Record(file, Old);
        _project.Checksums.Announce(file, New, 3);
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_for_a_file_that_never_had_a_record_accepts_what_it_holds()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Announce(file, New, 3);
        Assert.True(_project.Checksums.Verify(file, Old));
    }

    [Fact]
    public void An_announcement_for_a_new_file_accepts_only_what_is_coming()
    {
        _project.Checksums.Announce(_project.Path("a"), New, 3);
        Assert.Equal(new ChecksumRecord(null, New), _project.Checksums.Find(_project.Path("a")));
    }

    [Fact]
    public void An_announcement_settles_an_earlier_one_first()
    {
        FilePath file = _project.Write("a", "new");
        Interrupted(Old, New);
        string newest = TestProject.Sha256("newest");
        _project.Checksums.Announce(file, newest, 6);
        Assert.Equal(new ChecksumRecord(New, newest), _project.Checksums.Find(file));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other")]
    public void An_announcement_never_accepts_a_tampered_content(string? pending)
    {
        FilePath file = _project.Write("a", "tampered");
        Interrupted(Old, pending is null ? null : TestProject.Sha256(pending));
        _project.Checksums.Announce(file, New, 3);
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_that_ends_becomes_the_record()
    {
        FilePath file = _project.Write("a", "new");
        _project.Checksums.Announce(file, New, 3).Finish();
        Assert.Equal(new ChecksumRecord(New, null), _project.Checksums.Find(file));
        Assert.Equal([".workflow_state/.gitignore", ".workflow_state/a.checksum", "a"], _project.Folder.Files().Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_announcement_that_is_taken_back_leaves_the_old_record()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Announce(file, New, 3).Withdraw();
        Assert.Equal(new ChecksumRecord(Old, null), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_that_was_cut_off_never_counted()
    {
        string whole = New + "\n";
        FilePath file = _project.Write("a", "old");
        for (int length = 0; length < whole.Length; length++)
        {
            _project.Write(".workflow_state/a.checksum", Old);
            _project.Write(".workflow_state/a.checksum.pending", whole[..length]);
            Assert.Equal(new ChecksumRecord(Old, null), _project.Checksums.Find(file));
            Assert.True(_project.Checksums.Verify(file, Old));
        }
    }

    [Fact]
    public void A_write_replaces_a_damaged_record()
    {
        FilePath file = _project.Write("a", "old");
        _project.Write(".workflow_state/a.checksum", "garbage");
        Announcement announced = _project.Checksums.Announce(file, New, 3);
        _project.Write("a", "new");
        announced.Finish();
        Assert.True(_project.Checksums.Verify(file, New));
    }

    [Fact]
    public void With_a_key_only_signed_records_count()
    {
        FilePath file = _project.Write("a", "old");
        ChecksumStore keyed = Keyed(out _);
        _project.Checksums.Record(file, Old);
        _project.Fails(DiagnosticCodes.UnsignedChecksum, () => keyed.Find(file));
        keyed.Record(file, Old);
        Assert.True(keyed.Verify(file, Old));
        Assert.False(keyed.Verify(file, New));
    }

    [Fact]
    public void A_record_that_was_forged_or_is_another_files_is_refused()
    {
        FilePath file = _project.Write("a", "old");
        FilePath other = _project.Write("b", "old");
        ChecksumStore keyed = Keyed(out string signed);
        keyed.Record(file, Old);
        keyed.Record(other, Old);
        string record = _project.Folder.Read(signed);
        _project.Write(signed, record.Replace(Old, New, StringComparison.Ordinal));
        _project.Fails(DiagnosticCodes.UnsignedChecksum, () => keyed.Verify(file, New));
        _project.Write(signed, _project.Folder.Read(".workflow_state/b.checksum"));
        _project.Fails(DiagnosticCodes.UnsignedChecksum, () => keyed.Verify(file, Old));
        _project.Write(signed, record);
        Assert.True(keyed.Verify(file, Old));
    }

    [Fact]
    public void An_announcement_that_was_forged_is_nobodys()
    {
        FilePath file = _project.Write("a", "old");
        ChecksumStore keyed = Keyed(out string signed);
        keyed.Record(file, Old);
        _project.Write(signed + ".pending", New + "\n");
        Assert.False(keyed.Verify(file, New));
        Assert.True(keyed.Verify(file, Old));
    }

    [Fact]
    public void With_a_key_a_write_signs_and_does_not_ask_who_wrote_before()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Record(file, Old);
        ChecksumStore keyed = Keyed(out _);
        keyed.Announce(file, New, 3).Finish();
        Assert.True(keyed.Verify(file, New));
    }

    [Fact]
    public void A_pipe_in_a_records_place_is_an_error()
    {
        Platform.RequireUnix();
        _project.Protect("a.txt", "1");
        string record = _project.Folder[".workflow_state/a.txt.checksum"];
        File.Delete(record);
        Platform.MakeFifo(record);
        _project.Fails(DiagnosticCodes.FileUnreadable, () => _project.Checksums.Find(_project.Path("a.txt")));
        _project.Fails(DiagnosticCodes.WriteFailed, () => _project.Protect("a.txt", "2"));
        Assert.Equal("1", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Without_the_key_a_signed_record_still_says_the_digest()
    {
        FilePath file = _project.Write("a", "old");
        Keyed(out _).Record(file, Old);
        Assert.True(_project.Checksums.Verify(file, Old));
    }

    private ChecksumStore Keyed(out string recordOfA)
    {
        recordOfA = ".workflow_state/a.checksum";
        return new ChecksumStore(_project.Path(TestProject.State), _project.Folder.Root, TestProject.NewKey());
    }

    // As a crash leaves it after the announcement.
    private void Interrupted(string current, string? pending)
    {
        _project.Write(".workflow_state/a.checksum", current);
        if (pending is not null)
        {
            _project.Write(".workflow_state/a.checksum.pending", pending + "\n");
        }
    }
}
