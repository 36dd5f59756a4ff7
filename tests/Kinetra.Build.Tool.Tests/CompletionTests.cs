using System.Diagnostics;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class CompletionTests(RecordedProject project)
{
    [Fact]
    public void Commands_options_steps_and_runs_are_suggested()
    {
        Assert.Contains("status", Suggest("kinetra sta"));
        Assert.Contains("verify", Suggest("kinetra backups "));
        Assert.Contains("load [red]data", Suggest("kinetra log "));
        Assert.Contains("--follow", Suggest("kinetra log --f"));
        Assert.Contains(project.Runs[0], Suggest("kinetra status "));
        Assert.Contains("dot", Suggest("kinetra graph --format "));
        string[] Suggest(string line) => Tool.Run(project.Folder, $"[suggest:{line.Length}]", line).Expect(0).Split('\n');
    }

    [Theory]
    [InlineData("kinetra sta", "status")]
    [InlineData("kinetra log lo", "load\\ \\[red\\]data")]
    [InlineData("kinetra log --foll", "--follow")]
    public void Bash_completes_by_the_script(string line, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash is of other systems.");
        project.Folder.Write("complete.sh", $$"""
            eval "$(kinetra completion bash)"
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _kinetra
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        ProcessStartInfo start = new("bash", ["complete.sh"]) { WorkingDirectory = project.Folder.Root, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Tool.Program)}:{start.Environment["PATH"]}";
        using Process bash = Process.Start(start)!;
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(expected + "\n", output);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _kinetra kinetra")]
    [InlineData("zsh", "compdef _kinetra kinetra")]
    [InlineData("fish", "complete -c kinetra")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Each_shell_has_its_script(string shell, string line) =>
        Assert.Contains(line, Tool.Run(project.Folder, "completion", shell).Expect(0));
}
