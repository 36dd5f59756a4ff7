using System.ComponentModel;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class SuggestionsTests
{
    [Theory]
    [InlineData("/bin/sh: 1: jq: not found", "jq")]
    [InlineData("bash: line 1: jq: command not found", "jq")]
    [InlineData("build.sh: line 12: jq: command not found", "jq")]
    [InlineData("/bin/sh: jq: command not found", "jq")]
    [InlineData("zsh:1: command not found: jq", "jq")]
    [InlineData("env: ‘jq’: No such file or directory", "jq")]
    [InlineData("/usr/bin/env: 'jq': No such file or directory", "jq")]
    [InlineData("'jq' is not recognized as an internal or external command,", "jq")]
    [InlineData("nothing that names it", "the command")]
    public void A_missing_command_is_named(string line, string name)
    {
        Assert.StartsWith($"Install {name},", Suggestions.For(Exit(127, line, "and more")));
        Assert.StartsWith($"Install {name},", Suggestions.For(Exit(9009, line)));
    }

    [Theory]
    [InlineData("/bin/sh: 1: ./x.sh: Permission denied", "./x.sh")]
    [InlineData("bash: line 1: ./x.sh: Permission denied", "./x.sh")]
    public void What_cannot_be_run_is_named(string line, string name) => Assert.Contains($"chmod +x {name}", Suggestions.For(Exit(126, line)));

    [Theory]
    [InlineData(129, "Something outside")]
    [InlineData(130, "Something outside")]
    [InlineData(143, "Something outside")]
    [InlineData(134, "by itself")]
    [InlineData(137, "memory")]
    [InlineData(139, "crashed")]
    [InlineData(141, "pipe")]
    [InlineData(126, "executable")]
    public void An_exit_code_that_means_something_has_a_suggestion(int code, string words)
    {
        Platform.RequireUnix();
        Assert.Contains(words, Suggestions.For(Exit(code, "some text")));
    }

    [Theory]
    [InlineData("cp: cannot create regular file '/x': Permission denied", "owner and mode")]
    [InlineData("System.UnauthorizedAccessException: Access to the path '/x' is denied.", "owner and mode")]
    [InlineData("write error: No space left on device", "disk is full")]
    [InlineData("OSError: [Errno 30] Read-only file system: '/x'", "cannot be written")]
    [InlineData("curl: (7) Failed to connect to localhost port 1: Connection refused", "Nothing listens")]
    [InlineData("curl: (6) Could not resolve host: nope.example", "DNS")]
    [InlineData("socket.gaierror: [Errno -2] Name or service not known", "DNS")]
    [InlineData("urllib.error.HTTPError: HTTP Error 401: Unauthorized", "token")]
    [InlineData("curl: (22) The requested URL returned error: 401", "token")]
    [InlineData("Response status code does not indicate success: 403 (Forbidden).", "allowed")]
    [InlineData("HTTP/1.1 429 Too Many Requests", "fewer")]
    [InlineData("curl: (60) SSL certificate problem: unable to get local issuer certificate", "certificate")]
    [InlineData("OSError: [Errno 98] Address already in use", "port")]
    [InlineData("java.lang.OutOfMemoryError: Java heap space", "memory")]
    [InlineData("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "memory")]
    [InlineData("ModuleNotFoundError: No module named 'pandas'", "pip install")]
    [InlineData("Error: Cannot find module 'express'", "npm ci")]
    [InlineData("A compatible .NET SDK was not found.", "global.json")]
    [InlineData("cat: data/in.csv: No such file or directory", "file is missing")]
    [InlineData("Unhandled exception. System.IO.FileNotFoundException: Could not find file '/x'.", "file is missing")]
    [InlineData("ssh: connect to host x port 22: Connection timed out", "did not answer")]
    [InlineData("accept4: Too many open files", "ulimit -n")]
    public void A_common_failure_is_seen_in_the_output(string line, string words)
    {
        Assert.Contains(words, Suggestions.For(Exit(1, "first", line, "last")));
        Assert.Contains(words, OutputHints.For([line]));
    }

    [Theory]
    [InlineData("all good")]
    [InlineData("401 rows loaded")]
    [InlineData("processed 429 of 500")]
    [InlineData("denied")]
    public void What_is_not_known_has_none(string line) => Assert.Null(Suggestions.For(Exit(1, line)));

    [Fact]
    public void The_last_line_that_says_something_counts() =>
        Assert.Contains("Nothing listens", Suggestions.For(Exit(1, "No such file or directory", "Connection refused", "giving up")));

    [Fact]
    public void A_timeout_has_its_own_and_an_interruption_none()
    {
        Assert.Contains("Timeout", Suggestions.For(new AttemptResult(ProcessEnd.TimedOut, 143, ["No such file or directory"], null)));
        Assert.Null(Suggestions.For(new AttemptResult(ProcessEnd.Cancelled, 143, ["No such file or directory"], null)));
    }

    [Fact]
    public void A_program_that_cannot_be_started_has_one()
    {
        Assert.Contains("Command", Suggestions.For(new KinetraException(DiagnosticCodes.CannotStart, "no such program")));
        Assert.Null(Suggestions.For(new KinetraException(DiagnosticCodes.WorkingDirectoryMissing, "no such directory")));
    }

    [Fact]
    public void What_is_too_long_to_be_started_goes_into_a_script_or_a_file()
    {
        KinetraException error = new(DiagnosticCodes.CannotStart, "too long", new Win32Exception(OperatingSystem.IsWindows() ? 206 : 7));
        Assert.Contains("into a script", Suggestions.For(error));
    }

    private static AttemptResult Exit(int code, params string[] tail) => new(ProcessEnd.Exited, code, tail, null);
}
