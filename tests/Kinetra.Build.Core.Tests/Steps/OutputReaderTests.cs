using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class OutputReaderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _progress = [];

    [Fact]
    public void A_group_is_a_timed_operation()
    {
        OutputReader reader = Create();
        reader.Read("::group::Load prices");
        Pass(1.5);
        reader.Read("a line");
        reader.Read("::endgroup::");
        Pass(1);
        reader.Read("##[group]Write");
        Pass(0.25);
        reader.Read("##[endgroup]");
        Assert.Equal([Operation("Load prices", 0, 1.5), Operation("Write", 2.5, 0.25)], reader.Complete().Operations);
    }

    [Fact]
    public void The_next_group_ends_an_open_one_and_so_does_the_end()
    {
        OutputReader reader = Create();
        reader.Read("::endgroup::");
        reader.Read("::group::one");
        Pass(1);
        reader.Read("  ::group::two%0Awith 100%25");
        Pass(2);
        Assert.Equal([Operation("one", 0, 1), Operation("two with 100%", 1, 2)], reader.Complete().Operations);
    }

    [Fact]
    public void Operations_are_bounded_in_number_and_name()
    {
        OutputReader reader = Create();
        for (int i = 0; i < 5_000; i++)
        {
            reader.Read("::group::" + new string('x', 3_000));
        }

        AttemptOutput output = reader.Complete();
        Assert.Equal(1_000, output.Operations.Count);
        Assert.All(output.Operations, operation => Assert.InRange(operation.Name.Length, 200, 202));
        Assert.Equal("(unnamed)", Assert.Single(Read("::group::").Operations).Name);
    }

    [Fact]
    public void Progress_never_falls_and_nothing_else_than_a_percentage_counts()
    {
        AttemptOutput output = Read(
            "##vso[task.setprogress value=10;]loading", "##vso[task.setprogress value=10]", "##vso[task.setprogress value=75;]", "##vso[task.setprogress value=50;]",
            "##vso[task.setprogress value=101;]", "##vso[task.setprogress value=-1;]", "##vso[task.setprogress value=80.5;]", "##vso[task.setprogress value=x;]", "##vso[task.setprogress]", "##vso[task.setprogress value=99");
        Assert.Equal(75, output.Progress);
        Assert.Equal([10, 75], _progress);
        Assert.Null(Read("value=75").Progress);
    }

    [Theory]
    [InlineData("::warning file=app.js,line=1,col=5,endLine=2,endColumn=7,title=Style::Missing semicolon", "app.js(1,5,2,7): warning: Style: Missing semicolon")]
    [InlineData("::error file=app.js,line=10::bad", "app.js(10): error: bad")]
    [InlineData("::ERROR FILE=app.js::bad", "app.js: error: bad")]
    [InlineData("::notice::for you", "message: for you")]
    [InlineData("  ::error::100%25 of%0Aall%3A", "error: 100% of\nall%3A")]
    [InlineData("::error file=a%2Cb%3A%25.js::%250A", "a,b:%.js: error: %0A")]
    [InlineData("::error line=x,col=-1,file=a.c::t", "a.c: error: t")]
    [InlineData("##vso[task.logissue type=warning;sourcepath=consoleapp/main.cs;linenumber=1;columnnumber=2;code=100;]Found", "consoleapp/main.cs(1,2): warning 100: Found")]
    [InlineData("##vso[task.logissue type=error]100%AZP25%0Awrong%3B%5D", "error: 100%\nwrong;]")]
    [InlineData("a.cs(1,2): error CS1: t", "a.cs(1,2): error CS1: t")]
    public void Problems_are_understood(string line, string meaning)
    {
        Assert.True(OutputReader.MayMatter(Encoding.UTF8.GetBytes(line)));
        Assert.Equal(meaning, Assert.Single(Read(line).Problems).ToString());
    }

    [Theory]
    [InlineData("::error")]
    [InlineData("::error file=a.js")]
    [InlineData("::debug::x")]
    [InlineData("::set-output name=x::y")]
    [InlineData("::::x")]
    [InlineData(":: error::x")]
    [InlineData("text ::error::x")]
    [InlineData("##[error]only red")]
    [InlineData("##[warning]only yellow")]
    [InlineData("##vso[task.logissue type=info]x")]
    [InlineData("##vso[task.logissue]x")]
    [InlineData("##vso[task.complete result=Failed;]x")]
    [InlineData("##")]
    public void Other_commands_are_only_output(string line) => Assert.Same(AttemptOutput.None, Read(line));

    [Theory]
    [InlineData("sub", "a.cs", "sub/a.cs")]
    [InlineData("sub", "dir/a", "sub/dir/a")]
    [InlineData("sub", "/abs/a.cs", "/abs/a.cs")]
    [InlineData("sub", @"C:\a.cs", @"C:\a.cs")]
    [InlineData("sub", "CSC", "CSC")]
    [InlineData(".", "a.cs", "a.cs")]
    public void A_relative_file_is_relative_to_the_working_directory(string directory, string file, string expected)
    {
        OutputReader reader = Create(directory);
        reader.Read($"{file} : error X1: t");
        Assert.Equal(expected, Assert.Single(reader.Complete().Problems).File!.Replace('\\', expected.Contains('\\') ? '\\' : '/'));
    }

    [Fact]
    public void A_problem_that_is_printed_twice_is_one()
    {
        AttemptOutput output = Read("a.cs(1,2): error CS1: t", "  a.cs(1,2): error CS1: t", "a.cs(1,3): error CS1: t");
        Assert.Equal(2, output.Problems.Count);
        Assert.Equal(0, output.ProblemsLeftOut);
    }

    [Fact]
    public void Problems_are_bounded_and_many_warnings_hide_no_error()
    {
        AttemptOutput output = Read([.. Enumerable.Range(1, 5_000).Select(i => $"::warning::{i}"), "::error::the one"]);
        Assert.Equal(201, output.Problems.Count);
        Assert.Equal(4_800, output.ProblemsLeftOut);
        Assert.Equal("the one", output.Problems[^1].Text);
        Assert.Equal(201, output.ProblemsAfter(AttemptFate.Succeeded, "S").Count());
    }

    [Fact]
    public void A_secret_that_an_escape_has_hidden_is_masked()
    {
        OutputReader reader = new(Directory("."), _time, text => text.Replace("s3%cret", "***", StringComparison.Ordinal), null);
        reader.Read("::error file=s3%25cret,title=s3%25cret::s3%25cret");
        reader.Read("::group::s3%25cret");
        AttemptOutput output = reader.Complete();
        Assert.Equal("***: error: ***: ***", Assert.Single(output.Problems).ToString());
        Assert.Equal("***", Assert.Single(output.Operations).Name);
    }

    [Fact]
    public void Commands_can_be_switched_off_and_on_again()
    {
        AttemptOutput output = Read("::stop-commands::Token1", "::error::a", "a.cs(1,1): error X1: b", "::other::", "::Token1::", "::error::c");
        Assert.Equal("c", Assert.Single(output.Problems).Text);
    }

    [Theory]
    [InlineData(AttemptFate.Succeeded, ProblemKind.Warning, ProblemKind.Warning)]
    [InlineData(AttemptFate.TriedAgain, ProblemKind.Message, ProblemKind.Message)]
    [InlineData(AttemptFate.Failed, ProblemKind.Error, ProblemKind.Warning)]
    [InlineData(AttemptFate.Tolerated, ProblemKind.Warning, ProblemKind.Warning)]
    [InlineData(AttemptFate.Interrupted, ProblemKind.Warning, ProblemKind.Warning)]
    public void The_exit_code_is_the_truth(AttemptFate fate, ProblemKind error, ProblemKind warning)
    {
        Problem[] problems = [.. Read("::error::e", "::warning file=f::w", "::notice::n").ProblemsAfter(fate, "Load")];
        Assert.Equal([(error, "Load: e"), (warning, "w"), (ProblemKind.Message, "Load: n")], problems.Select(problem => (problem.Kind, problem.Text)));
    }

    [Theory]
    [InlineData("processed row 12345 in 12.3 ms")]
    [InlineData("2026-11-23 04:55:01 all good")]
    [InlineData("")]
    public void Ordinary_lines_are_passed_over_by_their_bytes(string line) => Assert.False(OutputReader.MayMatter(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("\u001b[31m::error::x")]
    [InlineData("##[group]x")]
    [InlineData("a.cs(1,1): ERROR X1: t")]
    [InlineData("a.cs(1,1): Warning X1: t")]
    public void What_may_matter_is_not_passed_over(string line) => Assert.True(OutputReader.MayMatter(Encoding.UTF8.GetBytes(line)));

    private AttemptOutput Read(params string[] lines)
    {
        OutputReader reader = Create();
        foreach (string line in lines)
        {
            reader.Read(line);
        }

        return reader.Complete();
    }

    private OutputReader Create(string directory = ".") => new(Directory(directory), _time, text => text, _progress.Add);

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private static StepOperation Operation(string name, double start, double seconds) => new(name, TimeSpan.FromSeconds(seconds)) { Start = TimeSpan.FromSeconds(start) };

    private static FilePath Directory(string relative) => FilePath.Resolve(Path.GetTempPath(), relative);
}
