using System.Diagnostics;
using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Tests.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class BackgroundHashTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(BackgroundHash.PieceSize - 1, BackgroundHash.PieceSize)]
    [InlineData(BackgroundHash.PieceSize + 1, BackgroundHash.PieceSize)]
    [InlineData(8 * 1024 * 1024, 100_000)]
    public void The_digest_is_that_of_all_pieces_in_their_order(int size, int piece)
    {
        byte[] content = EncryptedBackup.Random(size);
        using BackgroundHash hash = new();
        for (int at = 0; at < size; at += piece)
        {
            hash.Append(content.AsMemory(at, Math.Min(piece, size - at)));
        }

        Assert.Equal(SHA256.HashData(content), hash.Finish());
    }

    [Fact]
    public void It_begins_anew_after_the_digest_and_after_a_restart()
    {
        using BackgroundHash hash = new();
        hash.Append("1"u8.ToArray());
        hash.Restart();
        hash.Append("2"u8.ToArray());
        Assert.Equal(SHA256.HashData("2"u8), hash.Finish());
        Assert.Equal(SHA256.HashData([]), hash.Finish());
    }

    [Fact]
    public void A_rented_buffer_is_wiped_before_it_is_given_back()
    {
        byte[] buffer;
        using (BackgroundHash hash = new())
        {
            buffer = hash.Rent();
            buffer.AsSpan().Fill(7);
            hash.Append(buffer.AsMemory(0, 1000), buffer);
            hash.Finish();
        }

        Assert.DoesNotContain((byte)7, buffer);
    }

    [Fact]
    public void It_may_be_given_up_in_the_middle()
    {
        for (int i = 0; i < 200; i++)
        {
            using BackgroundHash hash = new();
            hash.Append(new byte[100_000]);
            hash.Append(new byte[100_000]);
        }
    }

    [Fact]
    public void Many_in_the_threads_of_the_pool_do_not_wait_for_a_free_thread_of_the_pool()
    {
        // Each blocks a thread of the pool that its hash would need; the pool adds one or two in a second only.
        byte[] content = EncryptedBackup.Random(3 * BackgroundHash.PieceSize);
        byte[] digest = SHA256.HashData(content);
        Stopwatch time = Stopwatch.StartNew();
        Task<byte[]>[] all = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            using BackgroundHash hash = new();
            for (int at = 0; at < content.Length; at += 100_000)
            {
                hash.Append(content.AsMemory(at, Math.Min(100_000, content.Length - at)));
            }

            return hash.Finish();
        }, TestContext.Current.CancellationToken))];
#pragma warning disable xUnit1031 // Blocks a thread of its own, not one of the pool.
        Assert.All(all, task => Assert.Equal(digest, task.Result));
#pragma warning restore xUnit1031
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(8), $"It took {time.Elapsed}.");
    }
}
