using System.Runtime.Versioning;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Cache;

[UnsupportedOSPlatform("windows")]
public sealed class StepCacheTests : IDisposable
{
    private const string Csv = "data/out.csv";

    private readonly CacheScene _scene = new();

    private TempFolder Folder => _scene.Project.Folder;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Nothing_is_created_until_something_is_stored()
    {
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("a")));
        Assert.Equal(new TrimResult(0, 0, 0, 0), _scene.Cache.Trim());
        Assert.Empty(Folder.Files());
        Assert.False(Directory.Exists(Folder[CacheScene.Directory]));
    }

    [Fact]
    public void What_was_stored_is_found_as_it_was()
    {
        CachedStep step = _scene.Make((Csv, "1\n"), ("data/ö \"2\".csv", ""));
        Assert.True(_scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        CachedStep found = _scene.Cache.Find(CacheScene.Fingerprint("a"))!;
        Assert.Equal((step.Workflow, step.Step, step.RunId, step.Duration), (found.Workflow, found.Step, found.RunId, found.Duration));
        Assert.Equal(step.Outputs, found.Outputs);
        Assert.Equal(step.Written, found.Written);
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("b")));
    }

    [Fact]
    public void What_is_forgotten_is_not_found_until_it_is_stored_again()
    {
        Assert.False(_scene.Cache.Forget(CacheScene.Fingerprint("a")));
        _scene.Store("a", (Csv, "1\n"));
        Assert.True(_scene.Cache.Forget(CacheScene.Fingerprint("a")));
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("a")));
        Assert.False(_scene.Cache.Forget(CacheScene.Fingerprint("a")));
        _scene.Store("a", (Csv, "1\n"));
        Assert.NotNull(_scene.Cache.Find(CacheScene.Fingerprint("a")));
    }

    [Fact]
    public void A_step_without_outputs_is_kept_too()
    {
        _scene.Store("a");
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(CacheScene.Fingerprint("a"))!, [], _scene.Root));
    }

    [Fact]
    public void Missing_and_changed_outputs_come_back_with_their_mode()
    {
        Folder.Write(Csv, "1\n");
        File.SetUnixFileMode(Folder[Csv], UnixMode.Parse("m", "0750"));
        string fingerprint = _scene.Store("a", (Csv, "1\n"), ("deep/down/b.csv", "2\n"));
        Directory.Delete(Folder["deep"], recursive: true);
        Folder.Write(Csv, "tampered");
        File.SetUnixFileMode(Folder[Csv], UnixMode.Private);

        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, [Csv, "deep/down/b.csv"], _scene.Root));
        Assert.Equal("1\n", Folder.Read(Csv));
        Assert.Equal("2\n", Folder.Read("deep/down/b.csv"));
        Assert.Equal("0750", UnixMode.Format(File.GetUnixFileMode(Folder[Csv])));
        Assert.Empty(_scene.Project.TemporaryFiles());
    }

    [Fact]
    public void Only_what_is_asked_for_is_restored()
    {
        string fingerprint = _scene.Store("a", ("a", "1"), ("b", "2"));
        Folder.Write("a", "mine");
        File.Delete(Folder["b"]);
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["b"], _scene.Root));
        Assert.Equal(("mine", "2"), (Folder.Read("a"), Folder.Read("b")));
    }

    [Fact]
    public void A_path_that_is_no_output_of_the_step_is_not_restored()
    {
        string fingerprint = _scene.Store("a", ("a", "1"));
        Folder.Write("a", "old");
        Assert.False(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["a", "b"], _scene.Root));
        Assert.Equal("old", Folder.Read("a"));
        Assert.False(File.Exists(Folder["b"]));
    }

    [Fact]
    public void A_link_stays_and_what_it_points_to_is_restored()
    {
        Folder.Write("store/real.csv", "1\n");
        File.CreateSymbolicLink(Folder["out.csv"], "store/real.csv");
        Assert.True(_scene.Cache.Store(CacheScene.Fingerprint("a"), _scene.Describe(new OutputDigest("out.csv", TestProject.Sha256("1\n"))), _scene.Root));
        Folder.Write("store/real.csv", "tampered");
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(CacheScene.Fingerprint("a"))!, ["out.csv"], _scene.Root));
        Assert.Equal("store/real.csv", new FileInfo(Folder["out.csv"]).LinkTarget);
        Assert.Equal("1\n", Folder.Read("store/real.csv"));
    }

    [Fact]
    public void Where_an_output_really_is_is_kept_with_it()
    {
        using TempFolder outside = new();
        Folder.Write("store/real.csv", "1");
        outside.Write("far.csv", "2");
        File.CreateSymbolicLink(Folder["out.csv"], "store/real.csv");
        Directory.CreateSymbolicLink(Folder["far"], outside.Root);
        string real = Path.Combine(RealPath.Of(outside.Root), "far.csv");
        CachedStep step = _scene.Describe(new("out.csv", TestProject.Sha256("1")), new("far/far.csv", TestProject.Sha256("2")), new("store/real.csv", TestProject.Sha256("1")));
        Assert.Equal(["store/real.csv", real, null], step.Outputs.Select(output => output.Place));
        Assert.True(_scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Equal(step.Outputs, _scene.Cache.Find(CacheScene.Fingerprint("a"))!.Outputs);

        // Also of one that is not there, and of a project that is reached by a link itself.
        File.Delete(real);
        Directory.CreateSymbolicLink(outside["project"], _scene.Root);
        OutputPlaces linked = new(outside["project"]);
        Assert.Equal(["store/real.csv", real, null, null], [linked.Of("out.csv"), linked.Of("far/far.csv"), linked.Of("store/real.csv"), linked.Of("nothing/here")]);
    }

    [Fact]
    public void Many_outputs_come_back_a_few_at_a_time()
    {
        (string, string)[] outputs = [.. Enumerable.Range(0, 100).Select(i => ($"out/{i:00}", $"{i}"))];
        string fingerprint = _scene.Store("a", outputs);
        string[] paths = [.. outputs.Select(output => output.Item1)];
        Directory.Delete(Folder["out"], recursive: true);
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, paths, _scene.Root));
        Assert.All(outputs, output => Assert.Equal(output.Item2, Folder.Read(output.Item1)));

        // The damage shows when some are in their place: these are whole, and nothing lies about.
        Directory.Delete(Folder["out"], recursive: true);
        File.Delete(_scene.ObjectOf("99"));
        File.WriteAllText(_scene.ObjectOf("99"), "98");
        Assert.False(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, paths, _scene.Root));
        Assert.InRange(Directory.GetFiles(Folder["out"]).Length, 1, 99);
        Assert.All(Directory.GetFiles(Folder["out"]), file => Assert.Equal($"{int.Parse(Path.GetFileName(file))}", File.ReadAllText(file)));
        Assert.Null(_scene.Cache.Find(fingerprint));
    }

    [Fact]
    public void A_project_that_was_moved_or_checked_out_again_shares_the_cache()
    {
        using TempFolder outside = new();
        string absolute = outside.Write("out.csv", "2");
        string fingerprint = _scene.Store("a", (Csv, "1"), (absolute, "2"));
        File.Delete(absolute);
        using TempFolder other = new();
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, [Csv, absolute], other.Root));
        Assert.Equal(("1", "2"), (other.Read(Csv), File.ReadAllText(absolute)));
    }

    [Fact]
    public void Equal_contents_are_kept_once_and_read_only()
    {
        _scene.Store("a", ("a", "same"), ("b", "same"), ("c", "other"));
        _scene.Store("b", ("d", "same"));
        Assert.Equal(2, _scene.Objects().Length);
        Assert.Equal(2, _scene.Entries().Length);
        Assert.All(_scene.Objects(), file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file.Full)));
        Assert.All(_scene.Objects(), file => Assert.Equal(Path.GetFileName(file.Full), FileDigest.Compute(file)));
        Assert.Equal("same", File.ReadAllText(_scene.ObjectOf("same")));
    }

    [Fact]
    public void It_is_private_and_ignored_by_git()
    {
        _scene.Store("a", ("a", "1"));
        Assert.Contains("*", File.ReadAllLines(Folder[$"{CacheScene.Directory}/.gitignore"]));
        Assert.All(
            Directory.GetDirectories(Folder[CacheScene.Directory], "*", SearchOption.AllDirectories).Append(Folder[CacheScene.Directory]),
            directory => Assert.Equal(UnixMode.PrivateDirectory, File.GetUnixFileMode(directory)));
        Assert.All(_scene.Entries(), file => Assert.Equal(UnixMode.Private, File.GetUnixFileMode(file.Full)));
    }

    [Fact]
    public void An_output_that_changed_since_it_was_looked_at_is_not_stored()
    {
        CachedStep step = _scene.Make(("a", "1"), ("b", "2"));
        Folder.Write("b", "3");
        Assert.False(_scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Null(_scene.Cache.Find(CacheScene.Fingerprint("a")));
        Assert.All(_scene.Objects(), file => Assert.Equal(Path.GetFileName(file.Full), FileDigest.Compute(file)));

        File.Delete(Folder["b"]);
        Assert.False(_scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Directory.CreateDirectory(Folder["b"]);
        Assert.False(_scene.Cache.Store(CacheScene.Fingerprint("a"), step, _scene.Root));
        Assert.Empty(_scene.Entries());
        Assert.Empty(_scene.Project.TemporaryFiles());
    }

    [Fact]
    public void An_output_is_described_without_what_lets_a_program_act_as_its_owner()
    {
        Folder.Write("a", "12");
        File.SetUnixFileMode(Folder["a"], UnixMode.Parse("m", "4755"));
        OutputDigest digest = new("a", TestProject.Sha256("12"));
        OutputPlaces places = new(_scene.Root);
        Assert.Equal(new CachedOutput("a", digest.Sha256, 2, UnixMode.Parse("m", "0755")), CachedOutput.Of(digest, places));
        Assert.Null(CachedOutput.Of(digest with { Path = "gone" }, places));
    }

    [Fact]
    public void A_step_stored_again_replaces_what_was_kept()
    {
        _scene.Store("a", ("a", "1"));
        string fingerprint = _scene.Store("a", ("a", "22"));
        Assert.Equal(2, Assert.Single(_scene.Cache.Find(fingerprint)!.Outputs).Size);
    }

    [Fact]
    public void A_content_that_is_not_as_long_as_it_should_be_is_stored_again()
    {
        _scene.Store("a", ("a", "content"));
        File.Delete(_scene.ObjectOf("content"));
        File.WriteAllText(_scene.ObjectOf("content"), "");
        string fingerprint = _scene.Store("b", ("b", "content"));
        File.Delete(Folder["b"]);
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["b"], _scene.Root));
        Assert.Equal("content", Folder.Read("b"));
    }

    [Fact]
    public void What_a_killed_build_left_is_removed_by_the_next_one_that_stores()
    {
        _scene.Store("a", ("a", "1"));
        using CacheScene next = new();
        string leftover = $"{TemporaryFile.Prefix}{new string('0', 32)}{TemporaryFile.Suffix}";
        next.Project.Write($"{CacheScene.Directory}/objects/{leftover}", "half");
        next.Project.Write($"{CacheScene.Directory}/steps/{leftover}", "half");
        next.Store("a", ("a", "1"));
        Assert.Empty(next.Project.TemporaryFiles());
    }

    [Fact]
    public void What_is_no_fingerprint_is_no_path() =>
        Assert.All(["", "x", "../../../etc/passwd", new string('A', 64)], text => Assert.Throws<ArgumentException>(() => _scene.Cache.Find(text)));
}
