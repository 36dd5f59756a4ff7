using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class ProtectedFilesConcurrencyTests : IDisposable
{
    private const int Writers = 4;
    private const int Writes = 50;

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Readers_see_whole_versions_only_and_the_record_matches_at_the_end()
    {
        WriteOptions options = new(Backup: false, Checksum: true);
        FilePath file = _project.Path("a.txt");
        _project.Files.Write(file, FileContent.Text(Version(0, 0), "utf-8"), options);

        int running = Writers;
        int reads = 0;
        Concurrently.Run(Writers + 2, thread =>
        {
            if (thread >= Writers)
            {
                while (Volatile.Read(ref running) > 0)
                {
                    AssertWhole(File.ReadAllText(file.Full));
                    Interlocked.Increment(ref reads);
                }

                return;
            }

            try
            {
                for (int i = 0; i < Writes; i++)
                {
                    _project.Files.Write(file, FileContent.Text(Version(thread, i), "utf-8"), options);
                }
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });

        Assert.NotEqual(0, reads);
        Assert.True(_project.Checksums.Verify(file, FileDigest.Compute(file)));
        Assert.Null(_project.Checksums.Find(file)!.Pending);
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void Every_version_that_writers_replace_at_the_same_time_is_in_a_backup()
    {
        const int Each = 5;
        _project.Write("a.txt", "first");
        Concurrently.Run(Writers, thread =>
        {
            for (int i = 0; i < Each; i++)
            {
                _project.Protect("a.txt", $"{thread}.{i}");
            }
        });

        string[] expected = [.. Enumerable.Range(0, Writers).SelectMany(thread => Enumerable.Range(0, Each).Select(i => $"{thread}.{i}")), "first"];
        string[] found =
        [
            .. _project.Folder.Files().Where(file => file.EndsWith(".bak", StringComparison.Ordinal)).Select(_project.Folder.Read),
            _project.Folder.Read("a.txt"),
        ];
        Assert.Equal(expected.Order(), found.Order());
    }

    private static string Version(int thread, int number)
    {
        string line = $"{thread}.{number}\n";
        return new StringBuilder().Insert(0, line, 3000 + (number * 10)).Append("end").ToString();
    }

    private static void AssertWhole(string text)
    {
        string[] lines = text.Split('\n');
        Assert.Equal("end", lines[^1]);
        Assert.Single(lines[..^1].Distinct());
        int number = int.Parse(lines[0].Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(3000 + (number * 10) + 1, lines.Length);
    }
}
