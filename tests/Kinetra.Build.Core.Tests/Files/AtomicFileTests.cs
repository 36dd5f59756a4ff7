using System.Runtime.Versioning;
using System.Text;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class AtomicFileTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void The_bytes_arrive_as_they_are()
    {
        byte[] content = [0, 255, (byte)'\r', (byte)'\n', 0xC3];
        AtomicFile.Write(_project.Path("a.bin"), content);
        Assert.Equal(content, File.ReadAllBytes(_project.Folder["a.bin"]));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void An_empty_content_makes_an_empty_file()
    {
        AtomicFile.Write(_project.Path("a.txt"), []);
        Assert.Empty(_project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Missing_directories_are_created()
    {
        AtomicFile.Write(_project.Path("x/y/z.txt"), "1"u8);
        Assert.Equal(["x/y/z.txt"], _project.Folder.Files());
    }

    [Fact]
    public void The_digest_is_that_of_the_content()
    {
        using AtomicFile file = AtomicFile.Create(_project.Path("a.txt"));
        file.Append("ab"u8);
        file.Append("c"u8);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", file.Seal());
    }

    [Fact]
    public void Until_the_commit_the_target_is_untouched_and_after_it_nothing_else_remains()
    {
        FilePath target = _project.Write("a.txt", "old");
        using (AtomicFile file = AtomicFile.Create(target))
        {
            file.Append("new"u8);
            file.Seal();
            Assert.Equal("old", _project.Folder.Read("a.txt"));
            Assert.Single(_project.TemporaryFiles());
            file.Commit();
        }

        Assert.Equal("new", _project.Folder.Read("a.txt"));
        Assert.Equal(["a.txt"], _project.Folder.Files());
    }

    [Fact]
    public void What_is_not_committed_leaves_no_trace()
    {
        FilePath target = _project.Write("a.txt", "old");
        using (AtomicFile file = AtomicFile.Create(target))
        {
            file.Append("new"u8);
        }

        Assert.Equal("old", _project.Folder.Read("a.txt"));
        Assert.Equal(["a.txt"], _project.Folder.Files());
    }

    [Fact]
    public void A_new_file_gets_the_mode_that_the_umask_gives()
    {
        Platform.RequireUnix();
        UnixFileMode usual = File.GetUnixFileMode(_project.Write("usual.txt", "").Full);
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal(usual, File.GetUnixFileMode(_project.Folder["a.txt"]));
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0640")]
    [InlineData("0755")]
    [InlineData("0666")]
    public void An_existing_file_keeps_its_mode(string mode)
    {
        Platform.RequireUnix();
        FilePath target = _project.Write("a.txt", "old");
        File.SetUnixFileMode(target.Full, UnixMode.Parse("mode", mode));
        AtomicFile.Write(target, "new"u8);
        Assert.Equal(mode, UnixMode.Format(File.GetUnixFileMode(target.Full)));
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0666")]
    [InlineData("0444")]
    public void A_given_mode_wins_over_old_mode_and_umask(string mode)
    {
        Platform.RequireUnix();
        FilePath target = _project.Write("a.txt", "old");
        AtomicFile.Write(target, "new"u8, UnixMode.Parse("mode", mode));
        Assert.Equal(mode, UnixMode.Format(File.GetUnixFileMode(target.Full)));
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0640")]
    public void A_file_with_a_mode_is_never_readable_by_others_on_its_way(string mode)
    {
        Platform.RequireUnix();
        using AtomicFile file = AtomicFile.Create(_project.Path("secret"), UnixMode.Parse("mode", mode));
        string temporary = Assert.Single(_project.TemporaryFiles());
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(_project.Folder[temporary]));
    }

    [Fact]
    public void A_symbolic_link_stays_and_its_target_is_replaced()
    {
        Platform.RequireUnix();
        _project.Write("real/a.txt", "old");
        File.CreateSymbolicLink(_project.Folder["link"], "real/a.txt");
        AtomicFile.Write(_project.Path("link"), "new"u8);
        Assert.Equal("real/a.txt", new FileInfo(_project.Folder["link"]).LinkTarget);
        Assert.Null(new FileInfo(_project.Folder["real/a.txt"]).LinkTarget);
        Assert.Equal("new", _project.Folder.Read("real/a.txt"));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_chain_of_links_leads_to_the_last_target()
    {
        Platform.RequireUnix();
        _project.Write("a.txt", "old");
        File.CreateSymbolicLink(_project.Folder["one"], "a.txt");
        File.CreateSymbolicLink(_project.Folder["two"], _project.Folder["one"]);
        AtomicFile.Write(_project.Path("two"), "new"u8);
        Assert.Equal("new", _project.Folder.Read("a.txt"));
        Assert.Equal("a.txt", new FileInfo(_project.Folder["one"]).LinkTarget);
    }

    [Fact]
    public void A_hard_link_keeps_the_old_content()
    {
        Platform.RequireUnix();
        FilePath target = _project.Write("a.txt", "old");
        Platform.MakeHardLink(target.Full, _project.Folder["other"]);
        AtomicFile.Write(target, "new"u8);
        Assert.Equal("old", _project.Folder.Read("other"));
    }

    [Fact]
    public void A_name_of_255_bytes_works()
    {
        string name = new string('ü', 127) + "x";
        Assert.Equal(255, Encoding.UTF8.GetByteCount(name));
        AtomicFile.Write(_project.Path(name), "1"u8);
        AtomicFile.Write(_project.Path(name), "2"u8);
        Assert.Equal("2", _project.Folder.Read(name));
    }

    [Fact]
    public void A_name_of_256_bytes_is_a_failed_write()
    {
        Platform.RequireUnix();
        _project.Fails(DiagnosticCodes.WriteFailed, () => AtomicFile.Write(_project.Path(new string('x', 256)), "1"u8));
    }

    [Fact]
    public void A_directory_that_is_a_file_is_a_failed_write()
    {
        _project.Write("file", "1");
        _project.Fails(DiagnosticCodes.WriteFailed, () => AtomicFile.Write(_project.Path("file/a.txt"), "2"u8));
        Assert.Equal("1", _project.Folder.Read("file"));
    }

    [Fact]
    public void A_file_system_that_takes_no_files_is_a_failed_write()
    {
        Platform.RequireLinux();
        KinetraException error = _project.Fails(DiagnosticCodes.WriteFailed, () => AtomicFile.Write(_project.Path("/proc/kinetra.txt"), "1"u8));
        Assert.Contains("/proc/kinetra.txt", error.Message);
    }

    [Fact]
    public void A_directory_that_came_in_between_is_a_failed_write()
    {
        using (AtomicFile file = AtomicFile.Create(_project.Path("a.txt")))
        {
            file.Append("new"u8);
            file.Seal();
            Directory.CreateDirectory(_project.Folder["a.txt"]);
            Assert.Equal(DiagnosticCodes.WriteFailed, Assert.Throws<KinetraException>(file.Commit).Code);
        }

        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void A_directory_that_has_vanished_is_a_failed_write()
    {
        FilePath target = _project.Write("x/a.txt", "old");
        _project.Fails(DiagnosticCodes.WriteFailed, () =>
        {
            using AtomicFile file = AtomicFile.Create(target);
            file.Append("new"u8);
            file.Seal();
            Directory.Delete(_project.Folder["x"], recursive: true);
            file.Commit();
        });
    }

    [Fact]
    public void An_existing_file_keeps_its_owner()
    {
        Platform.RequireLinux();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a file away.");
        FilePath target = _project.Write("a.txt", "old");
        Platform.ChangeOwner(target.Full, 65534);
        AtomicFile.Write(target, "new"u8);
        Assert.Equal(65534u, NativeFile.Status(target.Full)!.Value.User);
    }

    [Fact]
    public void A_new_name_is_taken_only_if_it_is_free()
    {
        FilePath taken = _project.Write("taken", "old");
        using AtomicFile file = AtomicFile.Create(_project.Path("any"));
        file.Append("new"u8);
        file.Seal();
        Assert.False(file.TryCommitNew(taken));
        Assert.Equal("old", _project.Folder.Read("taken"));
        Assert.True(file.TryCommitNew(_project.Path("free")));
        Assert.Equal("new", _project.Folder.Read("free"));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_planted_link_is_not_written_through_as_temporary_names_differ_each_time()
    {
        HashSet<string> names = [];
        for (int i = 0; i < 20; i++)
        {
            using AtomicFile file = AtomicFile.Create(_project.Path("a.txt"));
            names.Add(Assert.Single(_project.TemporaryFiles()));
        }

        Assert.Equal(20, names.Count);
    }
}
