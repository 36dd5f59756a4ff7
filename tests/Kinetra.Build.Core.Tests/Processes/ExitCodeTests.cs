using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(126, "not executable")]
    [InlineData(127, "not found")]
    [InlineData(128, "")]
    [InlineData(255, "")]
    public void A_code_is_said_in_words_where_it_has_a_meaning(int code, string words)
    {
        string text = ExitCode.Describe(code);
        Assert.Contains($"{code}", text);
        Assert.Contains(words, text);
        Assert.Equal(words.Length > 0, text.Contains('('));
    }

    [Theory]
    [InlineData(130, "SIGINT")]
    [InlineData(134, "SIGABRT")]
    [InlineData(137, "out of memory")]
    [InlineData(139, "SIGSEGV")]
    [InlineData(141, "SIGPIPE")]
    [InlineData(143, "SIGTERM")]
    public void A_signal_is_named(int code, string words)
    {
        Platform.RequireUnix();
        Assert.Contains(words, ExitCode.Describe(code));
    }

    [Theory]
    [InlineData(7, "SIGBUS", "SIGEMT")]
    [InlineData(10, "SIGUSR1", "SIGBUS")]
    [InlineData(12, "SIGUSR2", "SIGSYS")]
    [InlineData(16, "SIGSTKFLT", "SIGURG")]
    [InlineData(19, "SIGSTOP", "SIGCONT")]
    [InlineData(29, "SIGIO", "SIGINFO")]
    [InlineData(31, "SIGSYS", "SIGUSR2")]
    [InlineData(34, "SIGRTMIN)", null)]
    [InlineData(37, "SIGRTMIN+3)", null)]
    [InlineData(63, "SIGRTMAX-1)", null)]
    [InlineData(64, "SIGRTMAX)", null)]
    [InlineData(32, null, null)]
    [InlineData(65, null, null)]
    public void Linux_and_macOS_number_signals_differently(int signal, string? linux, string? macOS)
    {
        AssertNamed(linux, ExitCode.Describe(128 + signal, ExitCodeForm.Linux));
        AssertNamed(macOS, ExitCode.Describe(128 + signal, ExitCodeForm.MacOS));
    }

    [Fact]
    public void Every_signal_of_this_system_is_named_as_the_shell_names_it()
    {
        Platform.RequireLinux();
        using System.Diagnostics.Process bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", "for n in $(seq 1 64); do echo $n $(kill -l $n 2>/dev/null); done"]) { RedirectStandardOutput = true })!;
        foreach (string[] line in bash.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
        {
            string text = ExitCode.Describe(128 + int.Parse(line[0], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Matches(line.Length == 1 || line[1].Length == 0 ? @"^exit code \d+$" : $@"\(SIG{System.Text.RegularExpressions.Regex.Escape(line[1])}[,)]", text);
        }
    }

    [Theory]
    [InlineData(0xC0000005, "0xC0000005, access violation")]
    [InlineData(0xC000013A, "Ctrl-C")]
    [InlineData(0xC00000FD, "stack overflow")]
    [InlineData(0xE0434352, ".NET exception")]
    [InlineData(0xC0001234, "(0xC0001234)")]
    [InlineData(9009, "not found")]
    public void Windows_has_codes_of_its_own(uint status, string words) => Assert.Contains(words, ExitCode.Describe(unchecked((int)status), ExitCodeForm.Windows));

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(137)]
    [InlineData(-1)]
    [InlineData(-2)]
    public void On_Windows_other_codes_are_the_programs_own(int code) => Assert.Equal($"exit code {code}", ExitCode.Describe(code, ExitCodeForm.Windows));

    private static void AssertNamed(string? name, string text)
    {
        if (name is null)
        {
            Assert.DoesNotContain('(', text);
        }
        else
        {
            Assert.Contains(name, text);
        }
    }
}
