using System.Text;
using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\n\nb\n", "a||b")]
    [InlineData("\n", "")]
    [InlineData("10 %\r50 %\r100 %\n", "100 %")]
    [InlineData("10 %\r50 %\r100 %\r\r\n", "100 %")]
    [InlineData("\r", "")]
    [InlineData("a\tb\n", "a\tb")]
    [InlineData("\u001b[31mred\u001b[0m\n", "red")]
    [InlineData("\u001b[1;38;5;208mx\u001b[K\n", "x")]
    [InlineData("\u001b[?25lx\u001b[?25h\n", "x")]
    [InlineData("a\u001b(Bb\u001b7c\u001b\n", "aBbc")]
    [InlineData("a\u001b[31\n", "a")]
    [InlineData("a\u001b\n", "a")]
    [InlineData("a\0b\u0007c\u0008d\u007fe\u0085f\n", "abcdef")]
    [InlineData("ü数𝒳\n", "ü数𝒳")]
    public void Lines_are_safe_to_show(string text, string lines) =>
        Assert.Equal(text.Length == 0 ? [] : lines.Split('|'), Split(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_replaced() =>
        Assert.Equal(["a\ufffdb", "\ufffd", "c\ufffd"], Split([(byte)'a', 0xFF, (byte)'b', (byte)'\n', 0xC3, (byte)'\n', (byte)'c', 0xE2, 0x82]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void How_the_bytes_are_cut_into_pieces_does_not_matter(int size)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("ü\r\n\u001b[31mröd\u001b[0m\n10\r20\n𝒳数\nlast");
        Assert.Equal(Split(bytes), Split(bytes, size));
    }

    [Fact]
    public void A_long_line_is_cut_and_says_so_and_the_next_one_is_whole()
    {
        string[] lines = [.. Split(Encoding.UTF8.GetBytes(new string('x', 100_000) + "\nnext\n"), 1000)];
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(new string('x', LineSplitter.MaximumLength) + " ", lines[0]);
        Assert.InRange(lines[0].Length, LineSplitter.MaximumLength, LineSplitter.MaximumLength + 20);
        Assert.Equal("next", lines[1]);
    }

    [Fact]
    public void A_line_of_the_maximal_length_is_whole() =>
        Assert.Equal([new string('x', LineSplitter.MaximumLength)], Split(Encoding.UTF8.GetBytes(new string('x', LineSplitter.MaximumLength) + "\n")));

    [Fact]
    public void A_line_of_300_megabytes_takes_no_memory()
    {
        List<string> lines = [];
        LineSplitter splitter = new(lines.Add);
        byte[] chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 4800; i++)
        {
            splitter.Write(chunk);
        }

        splitter.Flush();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.InRange(Assert.Single(lines).Length, LineSplitter.MaximumLength, LineSplitter.MaximumLength + 20);
    }

    [Fact]
    public void The_last_state_of_a_long_lasting_progress_bar_is_shown()
    {
        string progress = string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i} of 5000\r"));
        Assert.Equal(["4999 of 5000"], Split(Encoding.UTF8.GetBytes(progress + "\n")));
    }

    [Fact]
    public void Flush_twice_gives_nothing_more()
    {
        List<string> lines = [];
        LineSplitter splitter = new(lines.Add);
        splitter.Write("a"u8);
        splitter.Flush();
        splitter.Flush();
        Assert.Equal(["a"], lines);
    }

    private static List<string> Split(byte[] bytes, int size = int.MaxValue)
    {
        List<string> lines = [];
        LineSplitter splitter = new(lines.Add);
        for (int start = 0; start < bytes.Length; start += Math.Min(size, bytes.Length))
        {
            splitter.Write(bytes.AsSpan(start, Math.Min(size, bytes.Length - start)));
        }

        splitter.Flush();
        return lines;
    }
}
