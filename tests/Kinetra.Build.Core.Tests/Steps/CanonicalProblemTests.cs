using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class CanonicalProblemTests
{
    /// <summary>A line, and what it means.</summary>
    public static TheoryData<string, string> Problems => new()
    {
        { "Main.cs(17,20): warning CS0168: The variable 'foo' is declared but never used", "Main.cs(17,20): warning CS0168: The variable 'foo' is declared but never used" },
        { "  /src/a b.cs(3): error CS1: x: y", "/src/a b.cs(3): error CS1: x: y" },
        { @"C:\dir\file.ext(1,2,3,4) : error E100: text", @"C:\dir\file.ext(1,2,3,4): error E100: text" },
        { @"C:\dir\file.ext : error E100: text", @"C:\dir\file.ext: error E100: text" },
        { "a.cs(5-7): warning X1: t", "a.cs(5): warning X1: t" },
        { "a.cs(5,6-9): warning X1: t", "a.cs(5,6,5,9): warning X1: t" },
        { "MSBUILD : error MSB1009: Project file does not exist.", "MSBUILD: error MSB1009: Project file does not exist." },
        { "AssemblyInfo.cpp : fatal error LNK1106: invalid file", "AssemblyInfo.cpp: error LNK1106: invalid file" },
        { "cl : Command line warning D4024 : unrecognized", "cl: warning D4024: unrecognized" },
        { "Main.cs(17,20):Command line warning CS0168: text", "Main.cs(17,20): warning CS0168: text" },
        { "3>a.cs(1,1): error CS1: t", "a.cs(1,1): error CS1: t" },
        { "a.cs(1,1): error : no code", "a.cs(1,1): error: no code" },
        { "a.cs(1,1): ERROR no-code: t", "a.cs(1,1): error no-code: t" },
        { "data/in.csv : warning : no code", "data/in.csv: warning: no code" },
        { "err.cpp:6:3: error: use of undeclared identifier", "err.cpp(6,3): error: use of undeclared identifier" },
        { "./dir/err.c:6: warning: old", "./dir/err.c(6): warning: old" },
        { @"C:\x\err.c:6:3: error: bad", @"C:\x\err.c(6,3): error: bad" },
        { "Makefile:12: error: missing separator", "Makefile(12): error: missing separator" },
        { "error CS5001: no Main", "error CS5001: no Main" },
        { "src/a.ts(1,2): error TS2304: Cannot find name 'error'.", "src/a.ts(1,2): error TS2304: Cannot find name 'error'." },
        { "a.cs(1,1): error CS1:", "a.cs(1,1): error CS1: " },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_forms_of_compilers_are_understood(string line, string meaning) => Assert.Equal(meaning, CanonicalProblem.Parse(line)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("no problem at all")]
    [InlineData("Error: no such user")]
    [InlineData("ERROR: failed")]
    [InlineData("Warning: deprecated")]
    [InlineData("ERROR:root:from Python's logging")]
    [InlineData("ValueError: invalid literal")]
    [InlineData("Download failed: error: timeout")]
    [InlineData("HTTP error 404: Not Found")]
    [InlineData("Server: error 500: broken")]
    [InlineData("2026-11-23 10:30:05: error: disk")]
    [InlineData("Nov 23 10:30:05: error: disk")]
    [InlineData("10:30: warning: late")]
    [InlineData("0 errors: none")]
    [InlineData("a.cs(1,1): errors: 3")]
    [InlineData("a.cs(1,1): error CS1 and more: t")]
    [InlineData("a.cs(x,y): error: t")]
    [InlineData("a.cs(1,2,3,4,5): error: t")]
    [InlineData("http://host/path: error CS1: t")]
    [InlineData("a.cs(1,1): error CS0001 without a colon")]
    [InlineData("a.cs(0): error: no such line")]
    [InlineData("a.cs(99999999999): error: no such line")]
    [InlineData(": error : nobody")]
    public void What_a_program_merely_says_is_no_problem(string line) => Assert.Null(CanonicalProblem.Parse(line));

    [Fact]
    public void A_long_line_is_understood_by_its_beginning_and_kept_whole()
    {
        string text = new('x', 10_000);
        Assert.Equal(text, CanonicalProblem.Parse("a.cs(1,1): error CS1: " + text)!.Text);
        Assert.Null(CanonicalProblem.Parse(text + "(1,1): error CS1: t"));
    }

    [Fact]
    public void Any_line_is_read_without_an_exception()
    {
        Random random = new(20261123);
        string[] pieces = ["error", "warning", ":", " ", "(", ")", ",", "-", "1", "23", "CS1", "a.cs", "C:", "\\", "/", ">", "Error", "\t", "]", "é"];
        for (int round = 0; round < 50_000; round++)
        {
            CanonicalProblem.Parse(string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => pieces[random.Next(pieces.Length)])));
        }
    }
}
