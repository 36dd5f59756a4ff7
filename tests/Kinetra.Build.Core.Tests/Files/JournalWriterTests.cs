using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class JournalWriterTests : IDisposable
{
    private const string Kind = "kinetra-test 1";

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void It_creates_a_journal_only_where_there_is_none()
    {
        using (JournalWriter writer = Create("a.journal")!)
        {
            writer.Append("[2]"u8, durable: true);
        }

        Assert.Null(Create("a.journal"));
        Assert.Equal(2, Journal.Read(_project.Path("a.journal"), Kind).Records.Count);
    }

    [Fact]
    public void It_goes_on_behind_what_is_whole()
    {
        using (JournalWriter writer = Create("a.journal")!)
        {
            writer.Append("[2]"u8, durable: false);
        }

        FilePath file = _project.Path("a.journal");
        byte[] whole = File.ReadAllBytes(file.Full);
        File.WriteAllBytes(file.Full, whole[..^2]);
        using (JournalWriter writer = JournalWriter.Open(file, Journal.Read(file, Kind)))
        {
            writer.Append("[3]"u8, durable: true);
        }

        Journal read = Journal.Read(file, Kind);
        Assert.False(read.IsTorn);
        Assert.Equal("[1][3]", string.Concat(read.Records.Select(record => System.Text.Encoding.UTF8.GetString(record.Span))));
    }

    [Fact]
    public void After_a_full_disk_has_room_again_it_goes_on()
    {
        Directory.CreateDirectory(_project.Folder["disk"]);
        using IDisposable disk = Platform.SmallDisk(_project.Folder["disk"], 64 * 1024);
        using (JournalWriter writer = Create("disk/a.journal")!)
        {
            byte[] large = [(byte)'"', .. Enumerable.Repeat((byte)'x', 20_000), (byte)'"'];
            _project.Write("disk/filler", new string('x', 30_000));
            Assert.ThrowsAny<IOException>(() =>
            {
                for (int i = 0; i < 10; i++)
                {
                    writer.Append(large, durable: false);
                }
            });
            File.Delete(_project.Folder["disk/filler"]);
            writer.Append("[2]"u8, durable: true);
        }

        Journal read = Journal.Read(_project.Path("disk/a.journal"), Kind);
        Assert.False(read.IsTorn);
        Assert.Equal("[2]"u8, read.Records[^1].Span);
    }

    [Fact]
    public void After_a_flush_that_failed_in_another_thread_nothing_more_is_written()
    {
        Platform.RequireLinux();

        // What fsync refuses: a file of /proc that can be written.
        FilePath file = new("/proc/self/comm", "comm");
        using JournalWriter writer = JournalWriter.Open(file, Journal.Parse(file, "", "\n"u8.ToArray()));
        IOException first = Assert.ThrowsAny<IOException>(writer.Flush);
        Assert.Same(first, Assert.ThrowsAny<IOException>(() => writer.Append("[2]"u8, durable: false)));
        Assert.Same(first, Assert.ThrowsAny<IOException>(writer.Flush));
    }

    private JournalWriter? Create(string name) => JournalWriter.TryCreate(_project.Path(name), Kind, ["[1]"u8.ToArray()]);
}
