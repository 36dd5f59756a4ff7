using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Reports;

public sealed class LogTailTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\nc\n", 2, 100, "b\nc")]
    [InlineData("a\nb\nc", 2, 100, "b\nc")]
    [InlineData("a\r\nb\r\nc\r\n\r\n", 2, 100, "b\r\nc")]
    [InlineData("a\nb\nc\n", 9, 100, "a\nb\nc")]
    [InlineData("first\nsecond\nthird\n", 9, 10, "third")]
    [InlineData("10%\r20%\r30%", 9, 100, "10%\r20%\r30%")]
    [InlineData("0123456789", 9, 4, "6789")]
    [InlineData("\n\n", 2, 100, "")]
    [InlineData("", 2, 100, "")]
    public void Whole_lines_are_read_unless_one_is_longer_than_all(string log, int lines, int bytes, string tail)
    {
        _folder.Write("x.log", log);
        Assert.Equal(tail, Read("x.log", lines, bytes));
    }

    [Fact]
    public void A_log_that_another_process_writes_can_be_read()
    {
        using FileStream writer = new(_folder["x.log"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        writer.Write(Encoding.UTF8.GetBytes("one\ntw"));
        writer.Flush();
        Assert.Equal("one\ntw", Read("x.log", 2, 100));
    }

    [Fact]
    public void Without_a_file_there_is_nothing_to_read()
    {
        Assert.Null(Read("none.log", 2, 100));
        Assert.Null(Read(".", 2, 100));
    }

    private string? Read(string file, int lines, int bytes) => LogTail.Read(FilePath.Resolve(_folder.Root, file), lines, bytes);
}
