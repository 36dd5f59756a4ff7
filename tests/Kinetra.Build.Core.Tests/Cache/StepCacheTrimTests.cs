using System.Runtime.Versioning;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Cache;

[UnsupportedOSPlatform("windows")]
public sealed class StepCacheTrimTests : IDisposable
{
    private const int Limit = 100_000;

    private readonly CacheScene _scene = new(Limit);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Below_the_limit_nothing_is_removed()
    {
        Fill(4);
        TrimResult result = _scene.Cache.Trim();
        Assert.Equal((0, 0, 0L), (result.RemovedSteps, result.RemovedObjects, result.RemovedBytes));
        Assert.Equal(_scene.Objects().Concat(_scene.Entries()).Sum(file => new FileInfo(file.Full).Length), result.Size);
        Assert.Equal((4, 4), (_scene.Objects().Length, _scene.Entries().Length));
    }

    [Fact]
    public void Above_it_what_was_stored_first_goes_first_until_four_fifths_are_left()
    {
        Fill(6);
        TrimResult result = _scene.Cache.Trim();
        Assert.Equal((3, 3), (result.RemovedSteps, result.RemovedObjects));
        Assert.InRange(result.Size, 60_000, Limit / 5 * 4);
        Assert.Equal(_scene.Objects().Concat(_scene.Entries()).Sum(file => new FileInfo(file.Full).Length), result.Size);
        Assert.Equal([false, false, false, true, true, true], Enumerable.Range(0, 6).Select(IsKnown));
        Assert.Equal(3, _scene.Objects().Length);
    }

    [Fact]
    public void What_was_used_since_stays()
    {
        Fill(6);
        Assert.NotNull(_scene.Cache.Find(CacheScene.Fingerprint("0")));
        _scene.Cache.Trim();
        Assert.Equal([true, false, false, false, true, true], Enumerable.Range(0, 6).Select(IsKnown));
    }

    [Fact]
    public void A_use_is_noted_once_in_half_an_hour()
    {
        string fingerprint = _scene.Store("a", ("a", "1"));
        DateTime stored = File.GetLastWriteTimeUtc(_scene.EntryOf(fingerprint));
        Assert.Equal(_scene.Project.Time.GetUtcNow().UtcDateTime, stored);
        _scene.Project.Time.Advance(TimeSpan.FromMinutes(29));
        _scene.Cache.Find(fingerprint);
        Assert.Equal(stored, File.GetLastWriteTimeUtc(_scene.EntryOf(fingerprint)));
        _scene.Project.Time.Advance(TimeSpan.FromMinutes(1));
        _scene.Cache.Find(fingerprint);
        Assert.Equal(_scene.Project.Time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(_scene.EntryOf(fingerprint)));
    }

    [Fact]
    public void Content_that_another_step_needs_stays()
    {
        _scene.Store("old", ("shared", new string('s', 20_000)), ("own", new string('o', 50_000)));
        _scene.Project.Time.Advance(TimeSpan.FromHours(2));
        string young = _scene.Store("young", ("shared", new string('s', 20_000)), ("other", new string('y', 50_000)));
        TrimResult result = _scene.Cache.Trim();
        Assert.Equal((1, 1), (result.RemovedSteps, result.RemovedObjects));
        Assert.False(File.Exists(_scene.ObjectOf(new string('o', 50_000))));
        Assert.True(_scene.Cache.TryRestore(_scene.Cache.Find(young)!, ["shared", "other"], _scene.Root));
    }

    [Fact]
    public void Content_that_no_step_needs_goes_first_if_it_has_been_there_for_an_hour()
    {
        Orphan("late", 30_000);
        _scene.Project.Time.Advance(TimeSpan.FromHours(1.5));
        Orphan("early", 30_000);
        _scene.Store("a", ("a", new string('a', 45_000)));
        TrimResult result = _scene.Cache.Trim();
        Assert.Equal((0, 1), (result.RemovedSteps, result.RemovedObjects));
        Assert.False(File.Exists(_scene.ObjectOf(Text("late", 30_000))));
        Assert.True(File.Exists(_scene.ObjectOf(Text("early", 30_000))));
        Assert.NotNull(_scene.Cache.Find(CacheScene.Fingerprint("a")));
    }

    [Fact]
    public void Content_that_is_stored_again_counts_as_young()
    {
        Orphan("a", 30_000);
        _scene.Project.Time.Advance(TimeSpan.FromHours(2));
        _scene.Store("a", ("a", Text("a", 30_000)));
        Assert.Equal(_scene.Project.Time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(_scene.ObjectOf(Text("a", 30_000))));
    }

    [Fact]
    public void A_damaged_entry_goes_and_what_is_not_the_stores_stays()
    {
        Fill(6);
        File.WriteAllText(_scene.EntryOf(CacheScene.Fingerprint("5")), "damaged");
        _scene.Project.Write($"{CacheScene.Directory}/objects/00/mine", new string('m', 100_000));
        _scene.Project.Write($"{CacheScene.Directory}/steps/mine.json", "");
        _scene.Cache.Trim();
        Assert.False(IsKnown(5));
        Assert.True(IsKnown(4));
        Assert.True(File.Exists(_scene.Project.Folder[$"{CacheScene.Directory}/objects/00/mine"]));
        Assert.True(File.Exists(_scene.Project.Folder[$"{CacheScene.Directory}/steps/mine.json"]));
    }

    [Fact]
    public void Without_a_limit_everything_stays()
    {
        Fill(6);
        Assert.Equal(0, new StepCache(_scene.Project.Path(CacheScene.Directory), null, _scene.Project.Time).Trim().RemovedSteps);
        Assert.All(Enumerable.Range(0, 6), number => Assert.True(IsKnown(number)));
    }

    [Fact]
    public void A_limit_that_nothing_fits_into_removes_everything()
    {
        Fill(2);
        TrimResult result = new StepCache(_scene.Project.Path(CacheScene.Directory), 1, _scene.Project.Time).Trim();
        Assert.Equal((0L, 2, 2), (result.Size, result.RemovedSteps, result.RemovedObjects));
        Assert.Empty(_scene.Objects());
        Assert.Empty(_scene.Entries());
    }

    // Steps of 20,000 bytes each, an hour after one another.
    private void Fill(int count)
    {
        for (int number = 0; number < count; number++)
        {
            _scene.Store($"{number}", ($"out{number}", Text($"{number}", 20_000)));
            _scene.Project.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    private void Orphan(string name, int length)
    {
        _scene.Store(name, ("orphan", Text(name, length)));
        File.Delete(_scene.EntryOf(CacheScene.Fingerprint(name)));
    }

    private bool IsKnown(int number) => _scene.Cache.Find(CacheScene.Fingerprint($"{number}")) is not null;

    private static string Text(string name, int length) => name.PadRight(length, '.');
}
