using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

public sealed class LinkedFileTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_link_and_what_it_points_to_share_their_record_and_their_backups()
    {
        Platform.RequireUnix();
        _project.Write("sub/real.txt", "old");
        File.CreateSymbolicLink(_project.Folder["link.txt"], "sub/real.txt");
        FilePath link = _project.Path("link.txt");
        FilePath real = _project.Path("sub/real.txt");

        _project.Files.Write(link, FileContent.Text("new", "utf-8"), new WriteOptions(Backup: true, Checksum: true));

        Assert.True(_project.Checksums.Verify(real, FileDigest.Compute(real)));
        _project.Files.Restore(real, BackupChoice.Newest, new WriteOptions(Backup: true, Checksum: true));
        Assert.Equal("old", _project.Folder.Read("link.txt"));
        Assert.NotNull(new FileInfo(_project.Folder["link.txt"]).LinkTarget);
    }
}
