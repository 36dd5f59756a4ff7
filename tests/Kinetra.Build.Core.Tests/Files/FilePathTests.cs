using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class FilePathTests
{
    private static readonly string Base = Path.Combine(Path.GetTempPath(), "project");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b")]
    public void What_is_no_path_is_refused(string path) =>
        Assert.Equal(DiagnosticCodes.UnusablePath, Assert.Throws<KinetraException>(() => FilePath.Resolve(Base, path)).Code);

    [Fact]
    public void A_relative_path_is_relative_to_the_project()
    {
        FilePath path = FilePath.Resolve(Base, "a/../b.txt");
        Assert.Equal(Path.Combine(Base, "b.txt"), path.Full);
    }

    [Fact]
    public void An_absolute_path_stays()
    {
        string absolute = Path.Combine(Path.GetTempPath(), "else", "b.txt");
        Assert.Equal(absolute, FilePath.Resolve(Base, absolute).Full);
    }

    [Fact]
    public void Messages_show_the_path_as_it_was_written() =>
        Assert.Equal("a/../b.txt", $"{FilePath.Resolve(Base, "a/../b.txt")}");

    [Fact]
    public void Both_forms_are_combined()
    {
        FilePath path = FilePath.Resolve(Base, "logs").Combine("a.log");
        Assert.Equal(Path.Combine(Base, "logs", "a.log"), path.Full);
        Assert.Equal(Path.Combine("logs", "a.log"), path.Display);
    }
}
