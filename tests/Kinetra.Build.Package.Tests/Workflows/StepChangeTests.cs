using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>
/// What is left alone, restored or run by a real <c>dotnet build</c>, where a build comes from another process each time. All kinds of change are tested in one
/// process (StepChangeTests of the tasks).
/// </summary>
public sealed class StepChangeTests : IDisposable
{
    private const string Steps = """
        <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
        <ItemGroup>
          <KinetraStep Include="first" Command="echo first >> ran.txt; sort raw.txt > sorted.txt" Inputs="raw.txt" Outputs="sorted.txt" />
          <KinetraStep Include="second" Command="echo second >> ran.txt; head -n 1 sorted.txt > least.txt" Inputs="sorted.txt" Outputs="least.txt" DependsOn="first" />
        </ItemGroup>
        """;

    private readonly TempFolder _folder = new();
    private string _project = "one";

    public StepChangeTests() => CheckOut();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_project_that_was_moved_is_up_to_date_until_an_input_changes_and_Rebuild_runs_all()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sort.");
        Build(0);
        Directory.Move(_folder["one"], _folder["two"]);
        _project = "two";

        Build(0, "-question");
        Write("raw.txt", "c\nb\n");
        DotNetResult question = Build(1, "-question");
        Assert.Equal(["KIN5014"], question.Errors);
        Assert.Contains("input raw.txt changed", question.Output);
        Assert.Equal("first second", Ran());

        Write("raw.txt", "b\na\n");
        Build(0);
        Assert.Equal("first second", Ran());
        Assert.Equal(["first: cached", "second: cached"], State().Steps);
        Build(0, "-t:Rebuild");
        Assert.Equal("first second first second", Ran());
        Assert.Equal("a\n", Read("least.txt"));
    }

    [Fact]
    public void Another_checkout_that_shares_the_cache_gets_everything_from_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sort.");
        string shared = $"-p:KinetraCacheDirectory={_folder["cache"]}";
        Build(0, shared);
        _project = "two";
        CheckOut();

        DotNetResult plan = Build(0, shared, "-t:KinetraPlan");
        Assert.Matches(@"first +does not run: restored from the cache as in run .*: output sorted\.txt is gone", plan.Output);
        Assert.Matches(@"second +perhaps runs: ", plan.Output);
        Build(0, shared);
        Assert.False(File.Exists(_folder["two/ran.txt"]));
        Assert.Equal(["first: cached", "second: cached"], State().Steps);
        Assert.Equal(("a\nb\n", "a\n"), (Read("sorted.txt"), Read("least.txt")));
    }

    [Fact]
    public void More_outputs_than_a_process_may_have_open_files_come_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs ulimit.");
        Write("master.proj", WorkflowProject.Xml("""<ItemGroup><KinetraStep Include="many" Command="mkdir -p out; for i in `seq 1 700`; do echo $i > out/$i; done" Inputs="raw.txt" Outputs="out/" /></ItemGroup>""", targets: ""));
        Build(0);
        Directory.Delete(_folder["one/out"], recursive: true);
        using RunningDotNet build = DotNet.Start(_folder["one"], ["-c", "ulimit -n 500; exec dotnet build master.proj -m:1"], program: "sh");
        DotNetResult result = build.WaitForEnd(TimeSpan.FromMinutes(5));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("many: not run again: restored from the cache", result.Output);
        Assert.Empty(result.Warnings);
        Assert.Equal(Enumerable.Range(1, 700).Select(i => $"{i}\n"), Enumerable.Range(1, 700).Select(i => Read($"out/{i}")));
    }

    private void CheckOut()
    {
        Write("master.proj", WorkflowProject.Xml(Steps, targets: ""));
        Write("raw.txt", "b\na\n");
    }

    private void Write(string file, string content) => _folder.Write($"{_project}/{file}", content);

    private string Read(string file) => _folder.Read($"{_project}/{file}");

    private string Ran() => string.Join(' ', Read("ran.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private DotNetResult Build(int exitCode, params string[] arguments)
    {
        DotNetResult result = DotNet.Run(_folder[_project], ["build", "master.proj", .. arguments]);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return result;
    }

    // Without the extension the names are in order.
    private RunState State() =>
        RunState.Read(Directory.EnumerateFiles(_folder[$"{_project}/.workflow_state"], "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Last());
}
