using System.Runtime.Versioning;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Cache;

/// <summary>A cache that cannot be used is one coded error with the path, and harms no file of the project.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StepCacheErrorTests : IDisposable
{
    private readonly CacheScene _scene = new();

    private TempFolder Folder => _scene.Project.Folder;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_file_in_its_place()
    {
        CachedStep step = _scene.Make(("a", "1"));
        Folder.Write(CacheScene.Directory, "");
        Fails("not a directory", () => _scene.Cache.Find(CacheScene.Fingerprint("a")));
        Fails(CacheScene.Directory, () => _scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Equal("1", Folder.Read("a"));
    }

    [Theory]
    [InlineData("objects")]
    [InlineData("steps")]
    public void A_file_in_the_place_of_one_of_its_directories(string name)
    {
        CachedStep step = _scene.Make(("a", "1"));
        Folder.Write($"{CacheScene.Directory}/{name}", "");
        Fails($"{CacheScene.Directory}/{name}", () => _scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("a")));
    }

    [Fact]
    public void A_directory_in_the_place_of_a_content_or_of_an_entry()
    {
        string fingerprint = _scene.Store("a", ("a", "1"));
        CachedStep step = _scene.Cache.Find(fingerprint)!;
        File.Delete(_scene.ObjectOf("1"));
        Directory.CreateDirectory(_scene.ObjectOf("1"));
        Fails("objects", () => _scene.Cache.TryRestore(step, ["a"], _scene.Root));
        Fails("objects", () => _scene.Cache.Store(fingerprint, step, _scene.Root));
        File.Delete(_scene.EntryOf(fingerprint));
        Directory.CreateDirectory(_scene.EntryOf(fingerprint));
        Fails("steps", () => _scene.Cache.Find(fingerprint));
        Assert.Equal("1", Folder.Read("a"));
    }

    [Fact]
    public void A_full_disk()
    {
        CachedStep small = _scene.Make(("small", "1"));
        CachedStep large = _scene.Make(("small", "2"), ("large", new string('x', 300_000)));
        Directory.CreateDirectory(Folder[CacheScene.Directory]);
        using IDisposable disk = Platform.SmallDisk(Folder[CacheScene.Directory], 128 * 1024);
        Fails("ENOSPC", () => _scene.Cache.Store(CacheScene.Fingerprint("large"), large, _scene.Root));
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("large")));
        Folder.Write("small", "1");
        Assert.True(_scene.Cache.Store(CacheScene.Fingerprint("small"), small, _scene.Root));
        Assert.Equal(300_000, Folder.Read("large").Length);
    }

    [Fact]
    public void Somebody_elses_directory_that_is_open_to_all()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a directory away.");
        CachedStep step = _scene.Make(("a", "1"));
        Directory.CreateDirectory(Folder[CacheScene.Directory]);
        File.SetUnixFileMode(Folder[CacheScene.Directory], (UnixFileMode)0x1FF);
        Platform.ChangeOwner(Folder[CacheScene.Directory], 65534);
        Fails("chmod o-w", () => _scene.Cache.Find(CacheScene.Fingerprint("a")));
        Fails("chmod o-w", () => _scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Empty(_scene.Objects());
    }

    [Fact]
    public void A_target_that_cannot_be_a_file_leaves_all_of_them_alone()
    {
        string fingerprint = _scene.Store("a", ("a", "1"), ("b", "2"));
        Folder.Write("a", "old");
        File.Delete(Folder["b"]);
        Directory.CreateDirectory(Folder["b"]);
        Fails("b is a directory", () => _scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["a", "b"], _scene.Root));
        Assert.Equal("old", Folder.Read("a"));
        Assert.NotNull(_scene.Cache.Find(fingerprint));
    }

    private void Fails(string part, Action action)
    {
        KinetraException error = _scene.Project.Fails(DiagnosticCodes.CacheUnusable, action);
        Assert.Contains(part, error.Message);
        Assert.Contains("KinetraCacheDirectory", error.Message);
        Assert.DoesNotContain(Folder.Root, error.Message);
    }
}
