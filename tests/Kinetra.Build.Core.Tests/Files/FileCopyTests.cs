using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Tests.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

/// <summary>Copies and digests at the sizes at which the way to make them changes.</summary>
public sealed class FileCopyTests : IDisposable
{
    private const int Small = 256 * 1024;
    private const int Piece = BackgroundHash.PieceSize;
    private const int Big = TemporaryFile.PieceSize;

    private readonly TestProject _project = new();

    public static TheoryData<int> Sizes =>
    [
        0, 1, 4096, Small - 1, Small, Small + 1, Piece - 1, Piece, Piece + 1, Small + Piece, (2 * Piece) - 1,
        Big - 1, Big, Big + 1, Big + Piece, Big + Small + 1,
    ];

    public void Dispose() => _project.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_copy_has_every_byte_and_their_digest(int size)
    {
        byte[] content = Source(size);
        using (AtomicFile copy = AtomicFile.Create(_project.Path("copy")))
        {
            copy.CopyFrom(_project.Path("source"));
            Assert.Equal(size, copy.Length);
            Assert.Equal(Digest(content), copy.Seal());
            copy.Commit();
        }

        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(_project.Folder["copy"])));
        Assert.Equal(["copy", "source"], _project.Folder.Files());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_copy_to_another_file_system_is_the_same(int size)
    {
        Platform.RequireLinux();
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm.");
        byte[] content = Source(size);
        string directory = Directory.CreateDirectory($"/dev/shm/kinetra-test-{Guid.NewGuid():N}").FullName;
        try
        {
            using AtomicFile copy = AtomicFile.Create(new FilePath(directory + "/copy", "copy"));
            copy.CopyFrom(_project.Path("source"));
            Assert.Equal(Digest(content), copy.Seal());
            copy.Commit();
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(directory + "/copy")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_digest_of_a_file_and_of_a_content_is_that_of_every_byte(int size)
    {
        byte[] content = Source(size);
        Assert.Equal(Digest(content), FileDigest.Compute(_project.Path("source")));
        using AtomicFile file = AtomicFile.Create(_project.Path("copy"));
        file.SetContent(content);
        Assert.Equal(Digest(content), file.Seal());
    }

    [Fact]
    public void A_copy_with_holes_has_the_same_bytes()
    {
        using (FileStream source = File.Create(_project.Folder["source"]))
        {
            source.SetLength(3 * Big);
            source.Position = Big + 5;
            source.WriteByte(1);
        }

        using AtomicFile copy = AtomicFile.Create(_project.Path("copy"));
        copy.CopyFrom(_project.Path("source"));
        Assert.Equal(Digest(File.ReadAllBytes(_project.Folder["source"])), copy.Seal());
    }

    [Fact]
    public void A_source_that_is_rewritten_meanwhile_gives_one_of_its_versions_or_an_error()
    {
        byte[][] versions = [EncryptedBackup.Random(3 * Piece, 1), EncryptedBackup.Random(5 * Piece, 2), EncryptedBackup.Random(Small, 3)];
        string[] digests = [.. versions.Select(Digest)];
        Source(versions[0].Length);
        bool stop = false;
        Thread writer = new(() =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                File.WriteAllBytes(_project.Folder["next"], versions[i % 3]);
                File.Move(_project.Folder["next"], _project.Folder["source"], overwrite: true);
            }
        });
        writer.Start();
        try
        {
            for (int i = 0; i < 60; i++)
            {
                using AtomicFile copy = AtomicFile.Create(_project.Path("copy"));
                try
                {
                    copy.CopyFrom(_project.Path("source"));
                }
                catch (KinetraException error) when (error.Code == DiagnosticCodes.FileUnreadable)
                {
                    Assert.Contains("keeps changing", error.Message);
                    continue;
                }

                string digest = copy.Seal();
                copy.Commit();
                Assert.Equal(digest, Digest(File.ReadAllBytes(_project.Folder["copy"])));
                Assert.Contains(digest, digests);
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            writer.Join();
        }
    }

    [Fact]
    public void A_source_that_grows_and_shrinks_in_place_is_copied_whole_or_refused()
    {
        Source(2 * Big);
        bool stop = false;
        Thread writer = new(() =>
        {
            using FileStream source = new(_project.Folder["source"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                source.SetLength(i % 2 == 0 ? Piece : 2 * Big);
                Thread.Sleep(i % 5);
            }
        });
        writer.Start();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                using AtomicFile copy = AtomicFile.Create(_project.Path("copy"));
                try
                {
                    copy.CopyFrom(_project.Path("source"));
                }
                catch (KinetraException error) when (error.Code == DiagnosticCodes.FileUnreadable)
                {
                    Assert.Contains("keeps changing", error.Message);
                    continue;
                }

                string digest = copy.Seal();
                copy.Commit();
                Assert.Equal(digest, Digest(File.ReadAllBytes(_project.Folder["copy"])));
                Assert.Contains(new FileInfo(_project.Folder["copy"]).Length, new long[] { Piece, 2 * Big });
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            writer.Join();
        }
    }

    [Fact]
    public void Many_at_the_same_time_do_not_mix_their_bytes()
    {
        Parallel.For(0, 24, i =>
        {
            byte[] content = EncryptedBackup.Random(Small + (i * 100_003), i);
            File.WriteAllBytes(_project.Folder[$"{i}"], content);
            using AtomicFile copy = AtomicFile.Create(_project.Path($"{i}.copy"));
            copy.CopyFrom(_project.Path($"{i}"));
            Assert.Equal(Digest(content), copy.Seal());
            copy.Commit();
            Assert.Equal(Digest(content), FileDigest.Compute(_project.Path($"{i}.copy")));
        });
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(4 * Big)]
    public void A_full_disk_is_a_failed_write_not_an_unreadable_source(int size)
    {
        Source(size);
        Directory.CreateDirectory(_project.Folder["small"]);
        using IDisposable disk = Platform.SmallDisk(_project.Folder["small"], 64 * 1024);
        KinetraException error = _project.Fails(DiagnosticCodes.WriteFailed, () =>
            _project.Files.Write(_project.Path("small/copy"), FileContent.CopyOf(_project.Path("source")), new Core.Backups.WriteOptions(Backup: true, Checksum: true)));
        Assert.StartsWith("small/copy could not be written: ", error.Message);
        Assert.Contains("ENOSPC", error.Message);
    }

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private byte[] Source(int size)
    {
        byte[] content = EncryptedBackup.Random(size);
        File.WriteAllBytes(_project.Folder["source"], content);
        return content;
    }
}
