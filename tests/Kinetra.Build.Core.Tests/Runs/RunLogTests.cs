using System.Text;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class RunLogTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Lines_have_the_seeds_form_and_are_there_at_once()
    {
        using RunLog log = Create();
        log.Write(LogLevel.Debug, "d");
        log.Write(LogLevel.Info, "i");
        _project.Time.Advance(TimeSpan.FromSeconds(62));
        log.Write(LogLevel.Warning, "w ü");
        log.Write(LogLevel.Error, "e");
        Assert.Equal(
            """
            2026-11-23 04:55:01 | DEBUG    | d
            2026-11-23 04:55:01 | INFO     | i
            2026-11-23 04:56:03 | WARNING  | w ü
            2026-11-23 04:56:03 | ERROR    | e

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(log.File.Full, Encoding.UTF8));
    }

    [Fact]
    public void While_lines_are_held_they_come_with_a_flush_and_warnings_and_errors_at_once_in_their_order()
    {
        using RunLog log = Create();
        log.Hold();
        log.Write(LogLevel.Info, "a");
        Assert.Empty(Messages(log));
        log.Flush();
        Assert.Equal(["a"], Messages(log));
        log.Write(LogLevel.Debug, "b");
        log.Write(LogLevel.Warning, "c");
        Assert.Equal(["a", "b", "c"], Messages(log));
        log.Write(LogLevel.Info, "d");
        log.Release();
        log.Write(LogLevel.Info, "e");
        Assert.Equal(["a", "b", "c", "d", "e"], Messages(log));
    }

    [Fact]
    public void Lines_that_are_held_when_the_log_is_closed_are_in_it()
    {
        RunLog log = Create();
        log.Hold();
        log.Write(LogLevel.Info, new string('x', 100_000));
        log.Write(LogLevel.Info, "a");
        log.Dispose();
        Assert.Equal([new string('x', 100_000), "a"], Messages(log));
    }

    [Fact]
    public void Further_lines_of_a_message_are_indented_so_that_none_can_be_forged()
    {
        using RunLog log = Create();
        log.Write(LogLevel.Info, "a\nb\r\n2026-11-23 04:55:01 | INFO     | c");
        Assert.Equal(
            ["2026-11-23 04:55:01 | INFO     | a", "    b", "    2026-11-23 04:55:01 | INFO     | c"],
            File.ReadAllLines(log.File.Full));
    }

    [Fact]
    public void Lines_of_several_threads_do_not_mix()
    {
        using RunLog log = Create();
        Concurrently.Run(4, thread =>
        {
            for (int i = 0; i < 200; i++)
            {
                log.Write(LogLevel.Info, new string((char)('a' + thread), 100));
            }
        });
        string[] lines = File.ReadAllLines(log.File.Full);
        Assert.Equal(800, lines.Length);
        Assert.All(lines, line => Assert.Equal(new string(line[^1], 100), line.Split(" | ")[2]));
    }

    [Fact]
    public void After_its_end_nothing_is_added()
    {
        RunLog log = Create();
        log.Write(LogLevel.Info, "a");
        log.Dispose();
        log.Dispose();
        log.Write(LogLevel.Info, "b");
        Assert.Single(File.ReadAllLines(log.File.Full));
    }

    [Fact]
    public void A_name_that_is_taken_is_not_used()
    {
        _project.Write("logs/workflow/a.log", "old");
        Assert.Null(RunLog.TryCreate(_project.Path("logs/workflow/a.log"), _project.Time));
        Assert.Equal("old", _project.Folder.Read("logs/workflow/a.log"));
    }

    private static IEnumerable<string> Messages(RunLog log) => File.ReadAllLines(log.File.Full).Select(line => line[33..]);

    private RunLog Create() => RunLog.TryCreate(_project.Path("logs/workflow/a.log"), _project.Time)!;
}
