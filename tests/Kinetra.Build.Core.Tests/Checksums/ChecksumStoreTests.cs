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
        _project.Write(".workflow_state/a.checksum", $"{Old}\npending {New}\n");

        string actual = TestProject.Sha256(content);
        Assert.True(_project.Checksums.Verify(file, actual));
        Assert.Equal(new ChecksumRecord(actual, null), _project.Checksums.Find(file));
        Assert.False(_project.Checksums.Verify(file, content == "old" ? New : Old));
    }

    [Fact]
    public void A_third_content_is_wrong_and_settles_nothing()
    {
        FilePath file = _project.Write("a", "tampered");
        _project.Write(".workflow_state/a.checksum", $"{Old}\npending {New}\n");
        Assert.False(_project.Checksums.Verify(file, TestProject.Sha256("tampered")));
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_accepts_old_and_new_content()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Record(file, Old);
        _project.Checksums.Announce(file, New);
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }

    [Fact]
    public void An_announcement_for_a_file_that_never_had_a_record_accepts_what_it_holds()
    {
        FilePath file = _project.Write("a", "old");
        _project.Checksums.Announce(file, New);
        Assert.True(_project.Checksums.Verify(file, Old));
    }

    [Fact]
    public void An_announcement_for_a_new_file_accepts_only_what_is_coming()
    {
        _project.Checksums.Announce(_project.Path("a"), New);
        Assert.Equal(new ChecksumRecord(null, New), _project.Checksums.Find(_project.Path("a")));
    }

    [Fact]
    public void An_announcement_settles_an_earlier_one_first()
    {
        FilePath file = _project.Write("a", "new");
        _project.Write(".workflow_state/a.checksum", $"{Old}\npending {New}\n");
        string newest = TestProject.Sha256("newest");
        _project.Checksums.Announce(file, newest);
        Assert.Equal(new ChecksumRecord(New, newest), _project.Checksums.Find(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\npending ")]
    public void An_announcement_never_accepts_a_tampered_content(string pending)
    {
        FilePath file = _project.Write("a", "tampered");
        _project.Write(".workflow_state/a.checksum", pending.Length == 0 ? Old : $"{Old}{pending}{TestProject.Sha256("other")}");
        _project.Checksums.Announce(file, New);
        Assert.Equal(new ChecksumRecord(Old, New), _project.Checksums.Find(file));
    }
}
