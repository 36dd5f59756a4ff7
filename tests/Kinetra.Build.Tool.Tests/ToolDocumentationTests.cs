using System.Text.RegularExpressions;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary>What docs/kinetra.md says and what the tool can do are the same.</summary>
public sealed partial class ToolDocumentationTests(RecordedProject project)
{
    private static readonly string Page = File.ReadAllText(Repository.PathTo("docs", "kinetra.md"));

    [Fact]
    public void Every_command_has_its_section_and_every_section_a_command()
    {
        string[] commands = Names(Tool.Run(project.Folder, "--help").Expect(0), "Commands:");
        string[] sections = [.. Regex.Matches(Page, "(?m)^## kinetra ([a-z]+)$").Select(match => match.Groups[1].Value)];
        Assert.Equal(commands.Order(), sections.Order());
    }

    [Fact]
    public void Every_command_can_print_JSON_and_every_option_of_its_own_is_documented()
    {
        string[] commands = Names(Tool.Run(project.Folder, "--help").Expect(0), "Commands:");
        Parallel.ForEach(commands, new ParallelOptions { MaxDegreeOfParallelism = 2 }, command =>
        {
            string help = Tool.Run(project.Folder, command, "--help").Expect(0);
            string[] subcommands = Names(help, "Commands:");
            foreach (string page in subcommands.Length == 0 ? [help] : subcommands.Select(sub => Tool.Run(project.Folder, command, sub, "--help").Expect(0)))
            {
                Assert.Contains("--json", page);
                foreach (Match option in Option().Matches(page[page.IndexOf("Options:", StringComparison.Ordinal)..]))
                {
                    Assert.True(Page.Contains(option.Value, StringComparison.Ordinal) || option.Value is "--help" or "--property", $"{command}: {option.Value}");
                }
            }
        });
    }

    private static string[] Names(string help, string title)
    {
        int start = help.IndexOf(title, StringComparison.Ordinal);
        return start < 0 ? [] : [.. Regex.Matches(help[start..], "(?m)^  ([a-z]+)").Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Option();
}
