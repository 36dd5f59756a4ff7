using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class CommandLineTests : IDisposable
{
    private readonly ProcessRun _run = new();

    public CommandLineTests() => Platform.RequireUnix();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("/bin/ls", "/bin/ls")]
    [InlineData("ls", "ls")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("  ls\t-l  --color=auto ./a.b,c:d @x %y +z ", "ls -l --color=auto ./a.b,c:d @x %y +z")]
    public void A_line_without_syntax_is_run_without_a_shell(string line, string words) =>
        Assert.Equal(words.Split(' '), Arguments(line));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ls 'a'")]
    [InlineData("ls \"a\"")]
    [InlineData("ls $HOME")]
    [InlineData("ls \\a")]
    [InlineData("ls *")]
    [InlineData("ls a?")]
    [InlineData("ls [a]")]
    [InlineData("ls ~")]
    [InlineData("ls # a")]
    [InlineData("ls; ls")]
    [InlineData("ls & ls")]
    [InlineData("ls | cat")]
    [InlineData("ls < a")]
    [InlineData("ls > a")]
    [InlineData("(ls)")]
    [InlineData("{ ls }")]
    [InlineData("! ls")]
    [InlineData("ls `a`")]
    [InlineData("ls ^a")]
    [InlineData("ls\nls")]
    [InlineData("ls\r")]
    [InlineData("ls ü")]
    [InlineData("A=1 ls")]
    [InlineData("echo a")]
    [InlineData("true --version")]
    [InlineData("cd /")]
    [InlineData("exec ls")]
    [InlineData("no-such-program-anywhere a")]
    [InlineData("./missing")]
    [InlineData("/bin")]
    public void Any_other_line_is_for_the_shell(string line) => Assert.Equal(["/bin/sh", "-c", line], Arguments(line));

    [Theory]
    [InlineData("#!/bin/sh\nexit 7\n")]
    [InlineData("exit 7\n")]
    public void A_script_is_for_the_shell(string content)
    {
        string script = _run.Folder.Write("script", content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(["/bin/sh", "-c", "./script"], Arguments("./script"));
        Assert.Equal(7, _run.Run(Arguments("./script")).ExitCode);
    }

    [Fact]
    public void A_program_that_an_earlier_step_puts_before_another_on_the_search_path_is_the_one_that_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Every line is for the shell there.");
        Dictionary<string, string> environment = new() { ["PATH"] = "bin:/usr/bin:/usr/bin:/bin" };
        Assert.Equal("/usr/bin/true", CommandLine.Split("true", _run.Folder.Root, environment).Program);
        Directory.CreateDirectory(_run.Folder["bin"]);
        File.Copy("/usr/bin/true", _run.Folder["bin/true"]);
        Assert.Equal(_run.Folder["bin/true"], CommandLine.Split("true", _run.Folder.Root, environment).Program);
    }

    [Fact]
    public void A_program_that_is_not_found_has_the_shells_exit_code_and_message()
    {
        Assert.Equal(127, _run.Run(Arguments("no-such-program-anywhere")).ExitCode);
        Assert.Contains("not found", _run.Text);
    }

    [Theory]
    [InlineData("uname")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("expr 1 + 2")]
    [InlineData("ls /missing-directory")]
    [InlineData("env -u PATH")]
    public void It_says_the_same_and_ends_the_same_as_with_a_shell(string line)
    {
        using ProcessRun shell = new();
        int code = _run.Run(Arguments(line)).ExitCode;
        Assert.Equal(shell.Shell(line).ExitCode, code);
        Assert.NotEqual("/bin/sh", Arguments(line)[0]);
        Assert.Equal(Without(shell.Lines), Without(_run.Lines));
    }

    private IReadOnlyList<string> Arguments(string line) =>
        CommandLine.Split(line, _run.Folder.Root, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }).Arguments;

    // Each run has a mark, and a shell sets variables of its own.
    private static IEnumerable<string> Without(IEnumerable<string> lines) =>
        lines.Where(line => !line.StartsWith("KINETRA_TEST_MARK=", StringComparison.Ordinal) && !line.StartsWith("PWD=", StringComparison.Ordinal) && !line.StartsWith("_=", StringComparison.Ordinal) && !line.StartsWith("OLDPWD=", StringComparison.Ordinal) && !line.StartsWith("SHLVL=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
