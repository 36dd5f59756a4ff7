using System.Runtime.Versioning;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

[UnsupportedOSPlatform("windows")]
public sealed class CommandAttemptTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly WorkflowRun _run;
    private readonly List<string> _lines = [];

    public CommandAttemptTests()
    {
        Platform.RequireUnix();
        _run = _project.StartRun();
    }

    public void Dispose()
    {
        _run?.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void Output_goes_to_a_private_log_with_the_secrets_masked()
    {
        AttemptResult result = Run("echo key=$TOKEN; exit 3", secrets: ["s3cret"]);
        Assert.Equal((ProcessEnd.Exited, 3), (result.End, result.ExitCode));
        Assert.Equal(["key=***"], result.Tail);
        Assert.Equal(["key=***"], _lines);
        Assert.Equal("logs/workflow/out.log", result.LogFile);
        Assert.Equal("key=***\n", _project.Folder.Read(result.LogFile!));
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(_project.Folder[result.LogFile!]));
    }

    [Fact]
    public void The_program_has_the_environment_of_its_attempt()
    {
        Run("echo $KINETRA_WORKFLOW $KINETRA_STEP $KINETRA_ATTEMPT; pwd -P");
        Assert.Equal(["master step 2", _project.Folder.Root], _lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_output_tells_is_understood_whoever_listens(bool listens)
    {
        List<int> progress = [];
        AttemptResult result = Run("""
            echo '::group::Load'; echo '##vso[task.setprogress value=40;]'; echo 'a line'; echo '::endgroup::'
            echo "::error file=a.py,line=3::bad $TOKEN"; printf '\033[33ma.cs(1,2): warning CS1: s3%scret\033[0m\n' ''; exit 1
            """, ["s3cret"], listens, progress.Add);
        Assert.Equal("Load", Assert.Single(result.Output.Operations).Name);
        Assert.Equal(40, result.Output.Progress);
        Assert.Equal([40], progress);
        Assert.Equal(["a.py(3): error: bad ***", "a.cs(1,2): warning CS1: ***"], result.Output.Problems.Select(problem => problem.ToString()));
        Assert.Equal(listens ? 6 : 0, _lines.Count);
    }

    [Fact]
    public void A_working_directory_that_does_not_exist_is_an_error() =>
        _project.Fails(DiagnosticCodes.WorkingDirectoryMissing, () => Run("true", directory: "missing"));

    [Fact]
    public void A_log_that_exists_is_not_overwritten()
    {
        _project.Write("logs/workflow/out.log", "old");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => Run("echo new"));
        Assert.Equal("old", _project.Folder.Read("logs/workflow/out.log"));
    }

    [Fact]
    public void An_attempt_that_prints_nothing_has_no_log()
    {
        Assert.Null(Run("true").LogFile);
        Assert.False(File.Exists(_project.Folder["logs/workflow/out.log"]));
    }

    [Fact]
    public void A_log_directory_that_is_a_file_is_an_error()
    {
        Directory.Delete(_project.Folder["logs/workflow"], recursive: true);
        _project.Write("logs/workflow", "");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => Run("echo new"));
    }

    private AttemptResult Run(string line, string directory = ".", params string[] secrets) => Run(line, secrets, listens: true, null, directory);

    private AttemptResult Run(string line, string[] secrets, bool listens, Action<int>? progress, string directory = ".")
    {
        Dictionary<string, string> inherited = new() { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!, ["TOKEN"] = "s3cret" };
        CommandAttempt command = new(
            ProcessSpec.Shell(line),
            _project.Path(directory),
            new StepEnvironment(_run, "step", inherited),
            secrets,
            new ProcessLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)),
            listens ? _lines.Add : null);
        return command.Run(new Attempt(2, _project.Path("logs/workflow/out.log"), CancellationToken.None) { Progress = progress ?? (_ => { }) }, TimeProvider.System);
    }
}
