using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class ProtectedFilesUpdateTests : IDisposable
{
    private static readonly WriteOptions Options = new(Backup: true, Checksum: true, Mode: UnixMode.Private);

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Of_many_changes_at_a_time_none_is_lost()
    {
        FilePath file = _project.Path("counter");
        Concurrently.Run(8, _ =>
        {
            for (int i = 0; i < 5; i++)
            {
                _project.Files.Update(file, () => FileContent.Text(Read(file) + "x", "utf-8"), Options);
            }
        });

        Assert.Equal(new string('x', 40), Read(file));
        Assert.True(_project.Integrity.Verify(file, null, MissingBaseline.Fail, Mismatch.Fail).IsValid);
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_file_that_was_changed_behind_the_back_is_refused_and_stays()
    {
        FilePath file = _project.Path("a.env");
        _project.Files.Update(file, () => FileContent.Text("one", "utf-8"), Options);
        _project.Write("a.env", "changed");
        _project.Fails(DiagnosticCodes.ChecksumMismatch, () => _project.Files.Update(file, () => FileContent.Text("two", "utf-8"), Options));
        Assert.Equal("changed", Read(file));
    }

    [Fact]
    public void What_the_change_throws_leaves_the_file_as_it_was()
    {
        FilePath file = _project.Write("a.env", "one");
        _project.Fails(DiagnosticCodes.MalformedEnvironmentFile, () => _project.Files.Update(file, () => throw new KinetraException(DiagnosticCodes.MalformedEnvironmentFile, "no"), Options));
        Assert.Equal("one", Read(file));
        Assert.Empty(_project.Backups.List());
    }

    private static string Read(FilePath file) => File.Exists(file.Full) ? File.ReadAllText(file.Full) : "";
}
