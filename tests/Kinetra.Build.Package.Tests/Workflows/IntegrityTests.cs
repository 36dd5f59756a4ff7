using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>What a build says of files that were changed, and of those that have more than one name.</summary>
public sealed class IntegrityTests
{
    [Fact]
    public void A_hard_link_is_a_warning_as_its_other_names_keep_the_old_content()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs ln.");
        using WorkflowProject project = new("""
            <Target Name="Run">
              <Exec Command="ln a.txt b.txt; ln a.txt c.txt" />
              <AtomicWriteFile File="a.txt" Content="new" />
              <AtomicWriteFile File="a.txt" Content="newer" />
            </Target>
            """);
        project.Write("a.txt", "old");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN1007"], result.Warnings);
        Assert.Contains("a.txt was written, but the file that it replaced has 2 more names (hard links)", result.Output);
        Assert.DoesNotContain("1 more name", result.Output);
        Assert.Equal(["newer", "old", "old"], new[] { "a.txt", "b.txt", "c.txt" }.Select(project.Folder.Read));
    }

    [Fact]
    public void A_file_that_is_to_be_restored_is_backed_up_on_first_use_and_comes_back_after_a_tampering()
    {
        using WorkflowProject project = new("""<Target Name="Run"><VerifyChecksum Files="x/symbols.txt" OnMismatch="Restore" /></Target>""");
        project.Write("x/symbols.txt", "good");

        DotNetResult first = project.Build("-v:n");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Empty(first.Warnings);
        string backup = Assert.Single(project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal));
        Assert.Contains($"first use, its checksum is recorded as the baseline. It is backed up to {backup}", first.Output);
        Assert.Empty(project.Build().Warnings);
        Assert.Single(project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal));

        project.Write("x/symbols.txt", "tampered");
        DotNetResult restored = project.Build();
        Assert.True(restored.ExitCode == 0, restored.ToString());
        Assert.Equal(["KIN2006"], restored.Warnings);
        Assert.Contains(backup, restored.Output);
        Assert.Equal("good", project.Folder.Read("x/symbols.txt"));
        Assert.Contains(project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal) && project.Folder.Read(file) == "tampered");

        File.Delete(project.Folder["x/symbols.txt"]);
        Assert.Equal(["KIN2006"], project.Build().Warnings);
        Assert.Equal("good", project.Folder.Read("x/symbols.txt"));
    }

    [Fact]
    public void Two_bad_ones_among_forty_are_both_reported_in_the_order_of_the_files()
    {
        using WorkflowProject project = new("""
            <ItemGroup><Data Include="data/31.txt" /><Data Include="data/*.txt" Exclude="data/31.txt" /></ItemGroup>
            <Target Name="Run">
              <VerifyChecksum Files="@(Data)" ContinueOnError="ErrorAndContinue"><Output TaskParameter="InvalidFiles" ItemName="Bad" /></VerifyChecksum>
              <Message Importance="high" Text="Bad: @(Bad)" />
            </Target>
            """);
        foreach (int i in Enumerable.Range(10, 40))
        {
            // Some are large, so that they take longer than those behind them.
            project.Write($"data/{i}.txt", new string('x', i % 7 == 3 ? 2_000_000 : i));
        }

        Assert.Equal(0, project.Build().ExitCode);
        project.Write("data/31.txt", new string('y', 3_000_000));
        project.Write("data/12.txt", "y");

        DotNetResult result = project.Build("-tl:off");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN2002"], result.Errors);
        string[] reported = [.. Regex.Matches(result.Output, @"KIN2002: (?<file>\S+) does").Select(match => match.Groups["file"].Value).Distinct()];
        Assert.Equal(["data/31.txt", "data/12.txt"], reported);
        Assert.Contains("Bad: data/31.txt;data/12.txt", result.Output);
    }
}
