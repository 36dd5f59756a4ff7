using System.Runtime.Versioning;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class StateDirectoryTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void It_is_private_and_ignored_by_git()
    {
        StateDirectory.Ensure(_project.Path(".workflow_state"));
        Assert.Contains("*", File.ReadAllLines(_project.Folder[".workflow_state/.gitignore"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixMode.PrivateDirectory, File.GetUnixFileMode(_project.Folder[".workflow_state"]));
        }
    }

    [Fact]
    public void One_that_exists_is_left_as_it_is()
    {
        _project.Write("state/own", "");
        StateDirectory.Ensure(_project.Path("state"));
        Assert.Equal(["state/own"], _project.Folder.Files());
    }

    [Fact]
    public void An_empty_one_is_finished_as_its_maker_may_have_been_killed()
    {
        Directory.CreateDirectory(_project.Folder["state"]);
        _project.Write($"state/{TemporaryFile.Prefix}{new string('0', 32)}{TemporaryFile.Suffix}", "*");
        StateDirectory.Ensure(_project.Path("state"));
        Assert.Equal(["state/.gitignore"], _project.Folder.Files());
    }

    [Fact]
    public void A_file_in_its_place_is_an_error()
    {
        _project.Write("state", "");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => StateDirectory.Ensure(_project.Path("state")));
    }

    [Fact]
    public void Our_own_may_be_open_to_all()
    {
        Platform.RequireUnix();
        Directory.CreateDirectory(_project.Folder["state"]);
        File.SetUnixFileMode(_project.Folder["state"], (UnixFileMode)0x1FF);
        StateDirectory.Ensure(_project.Path("state"));
    }

    [Fact]
    public void Somebody_elses_that_is_open_to_all_is_refused()
    {
        Platform.RequireUnix();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a directory away.");
        Directory.CreateDirectory(_project.Folder["state"]);
        File.SetUnixFileMode(_project.Folder["state"], (UnixFileMode)0x1FF);
        Platform.ChangeOwner(_project.Folder["state"], 65534);
        _project.Fails(DiagnosticCodes.UnsafeStateDirectory, () => StateDirectory.Ensure(_project.Path("state")));
    }

    [Fact]
    public void Somebody_elses_that_only_they_can_write_to_is_accepted()
    {
        Platform.RequireUnix();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a directory away.");
        Directory.CreateDirectory(_project.Folder["state"]);
        Platform.ChangeOwner(_project.Folder["state"], 65534);
        StateDirectory.Ensure(_project.Path("state"));
    }
}
