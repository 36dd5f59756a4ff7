using System.Runtime.Versioning;
using System.Text;
using CsCheck;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Tests.Backups;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Cache;

/// <summary>What was cut or edited in the store is never restored.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StepCacheDamageTests : IDisposable
{
    private readonly CacheScene _scene = new();

    private TempFolder Folder => _scene.Project.Folder;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void An_entry_with_any_byte_changed_or_cut_anywhere_is_unknown_and_removed()
    {
        string fingerprint = _scene.Store("a", ("a", "1"), ("b", "2"));
        string entry = _scene.EntryOf(fingerprint);
        byte[] whole = File.ReadAllBytes(entry);
        Assert.NotNull(CacheEntry.TryParse(fingerprint, whole));
        for (int at = 0; at < whole.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(1 << bit);
                Assert.Null(CacheEntry.TryParse(fingerprint, changed));
            }

            Assert.Null(CacheEntry.TryParse(fingerprint, whole.AsMemory(0, at)));
        }

        File.WriteAllBytes(entry, whole[..^1]);
        Assert.Null(_scene.Cache.Find(fingerprint));
        Assert.False(File.Exists(entry));
    }

    [Fact]
    public void An_entry_under_another_fingerprint_is_unknown()
    {
        string other = CacheScene.Fingerprint("b");
        Directory.CreateDirectory(Path.GetDirectoryName(_scene.EntryOf(other))!);
        File.WriteAllBytes(_scene.EntryOf(other), File.ReadAllBytes(_scene.EntryOf(_scene.Store("a", ("a", "1")))));
        Assert.Null(_scene.Cache.Find(other));
        Assert.NotNull(_scene.Cache.Find(CacheScene.Fingerprint("a")));
    }

    [Fact]
    public void A_content_with_any_byte_changed_or_cut_is_not_restored_and_removed()
    {
        const string Content = "the content of an output\n";
        byte[] whole = Encoding.UTF8.GetBytes(Content);
        for (int at = 0; at < 2 * whole.Length; at++)
        {
            string fingerprint = _scene.Store("a", ("first", "whole"), ("out", Content));
            byte[] damaged = [.. whole];
            if (at < whole.Length)
            {
                damaged[at] ^= 1;
            }
            else
            {
                damaged = damaged[..(at - whole.Length)];
            }

            Replace(_scene.ObjectOf(Content), damaged);
            Folder.Write("first", "old");
            Folder.Write("out", "old");
            CachedStep step = _scene.Cache.Find(fingerprint)!;
            Assert.False(_scene.Cache.TryRestore(step, ["first", "out"], _scene.Root));
            Assert.Equal(("old", "old"), (Folder.Read("first"), Folder.Read("out")));
            Assert.False(File.Exists(_scene.ObjectOf(Content)));
            Assert.Null(_scene.Cache.Find(fingerprint));
        }

        Assert.Empty(_scene.Project.TemporaryFiles());
    }

    [Fact]
    public void A_large_content_with_a_byte_changed_is_not_restored()
    {
        string content = new('x', 700_000);
        string fingerprint = _scene.Store("a", ("out", content));
        byte[] damaged = Encoding.UTF8.GetBytes(content);
        damaged[^1] ^= 1;
        Replace(_scene.ObjectOf(content), damaged);
        File.Delete(Folder["out"]);
        Assert.False(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["out"], _scene.Root));
        Assert.False(File.Exists(Folder["out"]));
    }

    [Fact]
    public void A_missing_content_leaves_every_target_alone_and_makes_the_step_unknown()
    {
        string fingerprint = _scene.Store("a", ("a", "1"), ("b", "2"));
        File.Delete(_scene.ObjectOf("2"));
        Folder.Write("a", "old");
        File.Delete(Folder["b"]);
        Assert.False(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["a", "b"], _scene.Root));
        Assert.Equal("old", Folder.Read("a"));
        Assert.False(File.Exists(Folder["b"]));
        Assert.Null(_scene.Cache.Find(fingerprint));

        // Once the step has run it is known again.
        fingerprint = _scene.Store("a", ("a", "1"), ("b", "2"));
        File.Delete(Folder["b"]);
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(fingerprint)!, ["b"], _scene.Root));
    }

    [Theory]
    [InlineData("\"sha\":", "../../../../etc/passwd")]
    [InlineData("\"size\":", "-1")]
    public void An_entry_that_was_made_up_with_its_checksum_is_no_way_out_of_the_store(string what, string value)
    {
        CachedOutput output = what == "\"size\":"
            ? new CachedOutput("a", TestProject.Sha256("1"), long.Parse(value), null)
            : new CachedOutput("a", value, 1, null);
        byte[] entry = CacheEntry.Format(CacheScene.Fingerprint("a"), new CachedStep("w", "s", "r", TimeSpan.Zero, [output], []));
        Assert.Null(CacheEntry.TryParse(CacheScene.Fingerprint("a"), entry));
    }

    [Fact]
    public void Whatever_stands_in_an_entry_it_is_a_step_or_unknown()
    {
        string[] words =
        [
            "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e999", "9223372036854775808", "\"\"", "\"\\ud800\"", "\"0644\"", "\"9999\"", "\"outputs\"", "\"written\"", "\"duration\"", "\"workflow\"", "{}", "[]",
        ];
        string fingerprint = CacheScene.Fingerprint("a");
        byte[] valid = CacheEntry.Format(fingerprint, _scene.Make(("a", "1")));

        // With a checksum that holds, as otherwise nothing behind it is looked at.
        DamagedBytes.Of(valid, words).Sample(bytes => _ = CacheEntry.TryParse(fingerprint, Seal(bytes)), iter: 3000, print: DamagedBytes.Print);
    }

    private static byte[] Seal(byte[] bytes)
    {
        const int Covered = 37;
        byte[] rest = bytes.Length > Covered ? bytes[Covered..] : bytes;
        return [.. Encoding.ASCII.GetBytes($"{{\"kinetra_step\":1,\"crc32c\":\"{Crc32C.Compute(rest):x8}\","), .. rest];
    }

    private static void Replace(string path, byte[] content)
    {
        // Read-only, unless for root.
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }
}
