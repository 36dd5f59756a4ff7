using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class DigestCacheTests : IDisposable
{
    private readonly TestProject _project = new();

    // Long after every file of the test was written; and at the very time.
    private readonly FakeTimeProvider _later = new(TimeProvider.System.GetUtcNow().AddHours(1));
    private readonly TimeProvider _now = TimeProvider.System;

    public void Dispose() => _project.Dispose();

    private FilePath Store => _project.Path(".workflow_state/master.digests");

    [Fact]
    public void A_file_that_did_not_change_is_read_once()
    {
        FilePath file = _project.Write("a", "one");
        using DigestCache digests = new(null, _later);
        Assert.Equal(TestProject.Sha256("one"), digests.Find(file));
        Assert.Equal(TestProject.Sha256("one"), digests.Find(file));
        Assert.Equal(1, digests.FilesRead);
    }

    [Fact]
    public void A_file_that_was_touched_is_read_again_and_is_the_same()
    {
        FilePath file = _project.Write("a", "one");
        using DigestCache digests = new(null, _later);
        digests.Find(file);
        File.SetLastWriteTimeUtc(file.Full, DateTime.UnixEpoch);
        Assert.Equal(TestProject.Sha256("one"), digests.Find(file));
        Assert.Equal(2, digests.FilesRead);
    }

    [Fact]
    public void A_change_of_the_same_size_whose_time_was_set_back_is_noticed()
    {
        Platform.RequireUnix();
        FilePath file = _project.Write("a", "one");
        DateTime time = DateTime.UnixEpoch.AddYears(1);
        File.SetLastWriteTimeUtc(file.Full, time);
        using DigestCache digests = new(null, _later);
        digests.Find(file);
        _project.Write("a", "two");
        File.SetLastWriteTimeUtc(file.Full, time);
        Assert.Equal(TestProject.Sha256("two"), digests.Find(file));
    }

    [Fact]
    public void A_change_within_the_tick_of_a_clock_is_noticed_as_young_files_are_not_remembered()
    {
        FilePath file = _project.Write("a", "0000");
        using DigestCache digests = new(null, _now);
        for (int i = 0; i < 2000; i++)
        {
            string content = i.ToString("d4", System.Globalization.CultureInfo.InvariantCulture);
            File.WriteAllText(file.Full, content);
            Assert.Equal(TestProject.Sha256(content), digests.Find(file));
        }

        Assert.Equal(0, digests.Count);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    public void Two_seconds_after_its_change_a_file_is_remembered(int seconds, int remembered)
    {
        FilePath file = _project.Write("a", "one");
        FileInfo info = new(file.Full);
        using DigestCache digests = new(null, new FakeTimeProvider(new DateTimeOffset(info.LastWriteTimeUtc).AddSeconds(seconds)));
        digests.Find(file);
        Assert.Equal(remembered, digests.Count);
    }

    [Fact]
    public void A_file_from_the_future_is_not_remembered()
    {
        FilePath file = _project.Write("a", "one");
        File.SetLastWriteTimeUtc(file.Full, _later.GetUtcNow().UtcDateTime.AddDays(1));
        using DigestCache digests = new(null, _later);
        digests.Find(file);
        Assert.Equal(0, digests.Count);
    }

    [Fact]
    public void A_file_in_the_place_of_another_is_not_mistaken_for_it()
    {
        FilePath file = _project.Write("a", "one");
        FilePath other = _project.Write("b", "two");
        using DigestCache digests = new(null, _later);
        digests.Find(file);
        digests.Find(other);
        File.Move(other.Full, file.Full, overwrite: true);
        Assert.Equal(TestProject.Sha256("two"), digests.Find(file));
        Assert.Null(digests.Find(other));
    }

    [Fact]
    public void What_is_no_file_has_no_digest()
    {
        using DigestCache digests = new(null, _later);
        Directory.CreateDirectory(_project.Folder["d"]);
        Assert.Null(digests.Find(_project.Path("none")));
        Assert.Null(digests.Find(_project.Path("d")));
        Assert.Null(digests.Find(_project.Path("d/none/x")));
    }

    [Fact]
    public void The_next_process_need_not_read_again()
    {
        FilePath[] files = [.. Enumerable.Range(0, 20).Select(i => _project.Write($"f{i}", $"{i}"))];
        using (DigestCache first = new(Store, _later))
        {
            Assert.All(files, file => first.Find(file));
        }

        _project.Write("f7", "new");
        using DigestCache second = new(Store, _later);
        Assert.All(files, (file, i) => Assert.Equal(TestProject.Sha256(i == 7 ? "new" : $"{i}"), second.Find(file)));
        Assert.Equal(1, second.FilesRead);
        Assert.Equal(20, second.Count);
    }

    [Fact]
    public void The_file_is_private_and_made_only_when_there_is_something_to_keep()
    {
        FilePath file = _project.Write("a", "one");
        using DigestCache digests = new(Store, _now);
        digests.Find(file);
        Assert.False(File.Exists(Store.Full));
        using DigestCache later = new(Store, _later);
        later.Find(file);
        Assert.True(File.Exists(Store.Full));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixMode.Private, File.GetUnixFileMode(Store.Full));
        }
    }

    [Fact]
    public void Whatever_byte_of_the_file_is_damaged_the_digests_are_right()
    {
        FilePath[] files = [.. Enumerable.Range(0, 3).Select(i => _project.Write($"f{i}", $"{i}"))];
        byte[] whole = Kept(files);
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xff])
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= flip;
                Holds(files, damaged);
            }
        }
    }

    [Fact]
    public void Wherever_the_file_is_cut_the_digests_are_right()
    {
        FilePath[] files = [.. Enumerable.Range(0, 3).Select(i => _project.Write($"f{i}", $"{i}"))];
        byte[] whole = Kept(files);
        for (int length = 0; length < whole.Length; length++)
        {
            Holds(files, whole[..length]);
        }
    }

    [Fact]
    public void Nothing_of_a_damaged_file_stays_behind_the_new_records()
    {
        FilePath file = _project.Write("a", "one");
        Holds([file], [.. new byte[5000], .. Kept([file])]);
        Assert.InRange(new FileInfo(Store.Full).Length, 100, 300);
        Holds([file], [.. "kinetra-digests 1\n"u8, .. new byte[5000]]);
        Assert.InRange(new FileInfo(Store.Full).Length, 100, 300);
    }

    [Fact]
    public void A_record_of_another_shape_is_damage()
    {
        FilePath file = _project.Write("a", "one");
        foreach (string json in (string[])["[]", "{}", "1", "[1,2,\"\",3,4,5,null]", "[1,2,\"\",3,4,5,\"abc\"]", "[-1,2,\"\",3,4,5,\"abc\"]", "not JSON", "[1", ""])
        {
            Holds([file], [.. "kinetra-digests 1\n"u8, .. Journal.Format(System.Text.Encoding.UTF8.GetBytes(json))]);
        }
    }

    [Fact]
    public void A_record_of_another_version_of_the_file_is_passed_over()
    {
        // Each member in turn is another; the digest in the record is a lie that must not be told.
        Platform.RequireUnix();
        FilePath file = _project.Write("a", "one");
        FileStatus status = NativeFile.Status(file.Full)!.Value;
        DigestRecord lie = new(new FileId(status.Device, status.Inode, ""), status.Size, status.Modified, status.Changed, new string('0', 64));
        Assert.Equal(new string('0', 64), Found(lie));
        Assert.All(
            (DigestRecord[])[
                lie with { Id = lie.Id with { Device = lie.Id.Device + 1 } }, lie with { Id = lie.Id with { Inode = lie.Id.Inode + 1 } }, lie with { Size = lie.Size + 1 },
                lie with { Modified = lie.Modified + 1 }, lie with { Changed = lie.Changed - 1 },
            ],
            record => Assert.Equal(TestProject.Sha256("one"), Found(record)));

        string? Found(DigestRecord record)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Store.Full)!);
            File.WriteAllBytes(Store.Full, [.. "kinetra-digests 1\n"u8, .. Journal.Format(record.Format())]);
            using DigestCache digests = new(Store, _later);
            return digests.Find(file);
        }
    }

    [Fact]
    public void Those_not_used_for_longest_are_forgotten_first()
    {
        FilePath[] files = [.. Enumerable.Range(0, 17).Select(i => _project.Write($"f{i:d2}", $"{i}"))];
        using (DigestCache digests = new(Store, _later, capacity: 16))
        {
            Assert.All(files[..16], file => digests.Find(file));
            digests.Find(files[0]);
            digests.Find(files[16]);
            Assert.Equal(14, digests.Count);
            Assert.Equal(17, digests.FilesRead);
            Assert.All(files[4..].Append(files[0]), file => digests.Find(file));
            Assert.Equal(17, digests.FilesRead);
        }

        using DigestCache next = new(Store, _later, capacity: 16);
        Assert.Equal(14, next.Count);
        next.Find(files[0]);
        Assert.Equal(0, next.FilesRead);
        next.Find(files[1]);
        Assert.Equal(1, next.FilesRead);
    }

    [Fact]
    public void A_file_of_old_records_is_rewritten()
    {
        FilePath file = _project.Write("a", "one");
        long largest = 0;
        using (DigestCache digests = new(Store, _later))
        {
            for (int i = 0; i < 2500; i++)
            {
                File.SetLastWriteTimeUtc(file.Full, DateTime.UnixEpoch.AddSeconds(i));
                digests.Find(file);
                largest = Math.Max(largest, new FileInfo(Store.Full).Length);
            }
        }

        // 1,000 records of less than 200 bytes.
        Assert.InRange(largest, 50_000, 200_000);
        using DigestCache next = new(Store, _later);
        Assert.Equal(TestProject.Sha256("one"), next.Find(file));
        Assert.Equal(0, next.FilesRead);
    }

    [Fact]
    public void Where_nothing_can_be_kept_digests_are_computed_all_the_same()
    {
        FilePath file = _project.Write("a", "one");

        // A directory in the file's place, and a file in its directory's.
        Directory.CreateDirectory(Store.Full);
        _project.Write("no-directory", "");
        foreach (FilePath store in (FilePath[])[Store, _project.Path("no-directory/x.digests")])
        {
            using DigestCache digests = new(store, _later);
            Assert.Equal(TestProject.Sha256("one"), digests.Find(file));
            Assert.Equal(TestProject.Sha256("one"), digests.Find(file));
            Assert.Equal(1, digests.FilesRead);
        }
    }

    [Fact]
    public void A_disk_that_is_full_is_no_error_and_no_damage()
    {
        Directory.CreateDirectory(_project.Folder["disk"]);
        using IDisposable disk = Platform.SmallDisk(_project.Folder["disk"], 64 * 1024);
        FilePath store = _project.Path("disk/state/master.digests");
        FilePath[] files = [.. Enumerable.Range(0, 1000).Select(i => _project.Write($"f{i}", $"{i}"))];
        using (DigestCache digests = new(store, _later))
        {
            Assert.All(files, (file, i) => Assert.Equal(TestProject.Sha256($"{i}"), digests.Find(file)));
        }

        using DigestCache next = new(store, _later);
        Assert.All(files, (file, i) => Assert.Equal(TestProject.Sha256($"{i}"), next.Find(file)));
        Assert.InRange(next.FilesRead, 1, 999);
    }

    [Fact]
    public void Several_threads_may_ask()
    {
        FilePath[] files = [.. Enumerable.Range(0, 50).Select(i => _project.Write($"f{i}", $"{i}"))];
        using (DigestCache digests = new(Store, _later))
        {
            Parallel.For(0, 500, i => Assert.Equal(TestProject.Sha256($"{i % 50}"), digests.Find(files[i % 50])));
        }

        using DigestCache next = new(Store, _later);
        Assert.All(files, file => next.Find(file));
        Assert.Equal(0, next.FilesRead);
    }

    private byte[] Kept(FilePath[] files)
    {
        using (DigestCache digests = new(Store, _later))
        {
            Assert.All(files, file => digests.Find(file));
        }

        return File.ReadAllBytes(Store.Full);
    }

    // Right digests from the damaged file, and a good file again afterwards.
    private void Holds(FilePath[] files, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Store.Full)!);
        File.WriteAllBytes(Store.Full, content);
        using (DigestCache digests = new(Store, _later))
        {
            foreach (FilePath file in files)
            {
                Assert.Equal(TestProject.Sha256(File.ReadAllText(file.Full)), digests.Find(file));
            }
        }

        using DigestCache next = new(Store, _later);
        foreach (FilePath file in files)
        {
            Assert.Equal(TestProject.Sha256(File.ReadAllText(file.Full)), next.Find(file));
        }

        Assert.Equal(0, next.FilesRead);
    }
}
