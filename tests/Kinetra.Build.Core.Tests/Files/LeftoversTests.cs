using System.Diagnostics;
using System.Runtime.Versioning;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

/// <summary>What a killed writer left is removed by the next write in its directory, and nothing else is.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LeftoversTests : IDisposable
{
    private const string Left = ".kinetra-0123456789abcdef0123456789abcdef.tmp";

    private readonly TestProject _project = new();

    public LeftoversTests() => Platform.RequireUnix();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_killed_writers_file_is_removed_by_the_next_write_in_its_directory()
    {
        _project.Write(Left, "half");
        _project.Write($"x/{Left}", "half");
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal(["a.txt", $"x/{Left}"], _project.Folder.Files());
    }

    [Fact]
    public void A_file_that_another_handle_has_locked_is_left()
    {
        using SafeFileHandle held = PosixFile.OpenRead(_project.Write(Left, "half").Full);
        Assert.True(PosixFile.TryLockShared(held));
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal("half", _project.Folder.Read(Left));
    }

    [Fact]
    public void A_file_that_another_process_has_locked_is_left_until_that_is_killed()
    {
        Platform.RequireLinux();
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "flock (util-linux) is not installed.");
        string left = _project.Write(Left, "half").Full;
        using Process holder = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["--no-fork", left, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Leftovers.Remove(_project.Folder.Root);
        Assert.Equal([Left], _project.Folder.Files());
        holder.Kill();
        holder.WaitForExit();

        // By another spelling, as a directory is looked through once a minute.
        Leftovers.Remove(_project.Folder.Root + "/.");
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void A_living_writers_file_is_left()
    {
        using AtomicFile living = AtomicFile.Create(_project.Path("a.txt"));
        living.Append("1"u8);
        Leftovers.Remove(_project.Folder.Root + "/.");
        living.Seal();
        living.Commit();
        Assert.Equal("1", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_planted_link_is_neither_followed_nor_removed()
    {
        _project.Write("other/precious", "1");
        File.CreateSymbolicLink(_project.Folder[Left], "other/precious");
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal("1", _project.Folder.Read("other/precious"));
        Assert.Equal("other/precious", new FileInfo(_project.Folder[Left]).LinkTarget);
    }

    [Fact]
    public void A_directory_or_a_pipe_of_that_name_is_left()
    {
        Directory.CreateDirectory(_project.Folder[Left]);
        string pipe = Left.Replace('0', 'f');
        Platform.MakeFifo(_project.Folder[pipe]);
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.True(Directory.Exists(_project.Folder[Left]));
        Assert.True(File.Exists(_project.Folder[pipe]));
    }

    [Fact]
    public void A_file_with_a_second_name_is_its_stores_business()
    {
        string left = _project.Write(Left, "published").Full;
        Platform.MakeHardLink(left, _project.Folder["a.bak"]);
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal([Left, "a.bak", "a.txt"], _project.Folder.Files());
    }

    [Theory]
    [InlineData(".kinetra-0123456789abcdef0123456789abcde.tmp")]
    [InlineData(".kinetra-0123456789abcdef0123456789abcdef0.tmp")]
    [InlineData(".kinetra-what-i-must-do-until-next-week-.tmp")]
    [InlineData(".kinetra-0123456789abcdef0123456789abcdef.tmp.bak")]
    [InlineData("kinetra-0123456789abcdef0123456789abcdef.tmp")]
    [InlineData(".kinetra-0123456789ABCDEF0123456789ABCDEF.tmp")]
    [InlineData(".kinetra-notes.tmp")]
    public void A_name_that_only_resembles_is_left(string name)
    {
        _project.Write(name, "mine");
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        Assert.Equal("mine", _project.Folder.Read(name));
    }

    [Fact]
    public void A_directory_is_looked_through_once_in_a_while_only()
    {
        AtomicFile.Write(_project.Path("a.txt"), "1"u8);
        _project.Write(Left, "half");
        AtomicFile.Write(_project.Path("a.txt"), "2"u8);
        Assert.Equal("half", _project.Folder.Read(Left));
    }

    [Fact]
    public void Writers_at_the_same_time_do_not_take_each_others_files_for_left_over()
    {
        Concurrently.Run(8, thread =>
        {
            for (int i = 0; i < 100; i++)
            {
                AtomicFile.Write(_project.Path($"{thread}.txt"), "1"u8);

                // A spelling of its own each time, so that it is looked through.
                Leftovers.Remove($"{_project.Folder.Root}/{string.Concat(Enumerable.Repeat("./", (thread * 100) + i))}");
            }
        });
        Assert.Equal(Enumerable.Range(0, 8).Select(thread => $"{thread}.txt"), _project.Folder.Files());
    }
}
