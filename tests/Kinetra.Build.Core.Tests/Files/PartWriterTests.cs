using System.Buffers;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class PartWriterTests
{
    private readonly List<byte[]> _parts = [];

    [Fact]
    public void A_long_content_comes_in_parts_and_is_whole()
    {
        byte[] content = new byte[300_000];
        new Random(1).NextBytes(content);
        PartWriter writer = new(part => _parts.Add(part.ToArray()));
        for (int start = 0; start < content.Length; start += 1000)
        {
            writer.Write(content.AsSpan(start, 1000));
        }

        writer.Flush();
        Assert.True(_parts.Count > 1);
        Assert.All(_parts, part => Assert.InRange(part.Length, 1, 64 * 1024));
        Assert.Equal(content, _parts.SelectMany(part => part));
    }

    [Fact]
    public void What_asks_for_much_room_at_once_gets_it_behind_what_was_written_before()
    {
        PartWriter writer = new(part => _parts.Add(part.ToArray()));
        writer.Write("ab"u8);
        writer.GetSpan(200_000)[..200_000].Fill(1);
        writer.Advance(200_000);
        writer.Flush();
        Assert.Equal([.. "ab"u8], _parts[0]);
        Assert.Equal(200_000, _parts[1].Length);
    }

    [Fact]
    public void Nothing_is_passed_on_of_nothing()
    {
        PartWriter writer = new(part => _parts.Add(part.ToArray()));
        Assert.False(writer.GetMemory().IsEmpty);
        writer.Flush();
        Assert.Empty(_parts);
    }
}
