using System.Globalization;
using System.Text.Json;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Very many steps in one project. <c>KINETRA_FULL=1</c> (tests/full.sh) tries ten times as many.</summary>
public sealed class ManyStepsTests
{
    private static readonly int Steps = Environment.GetEnvironmentVariable("KINETRA_FULL") == "1" ? 10_000 : 1_000;

    [Fact]
    public void Killed_half_way_the_rest_is_run_and_nothing_twice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new($"""
            <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
            <ItemGroup>
              {string.Join('\n', Enumerable.Range(0, Steps).Select(i => $"<KinetraStep Include=\"s{i}\"{Dependencies(i)} Command=\"echo $KINETRA_STEP &gt;&gt; ran\" />"))}
            </ItemGroup>
            """, targets: "");
        using RunningDotNet build = project.Start();
        string ran = project.Folder["ran"];
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(10);
                return File.Exists(ran) && File.ReadAllLines(ran).Length >= Steps / 2;
            },
            TimeSpan.FromMinutes(5)));

        build.Signal(9);

        Assert.Equal(137, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
        HashSet<string> completed = Completed(project);
        Assert.InRange(completed.Count, Steps / 4, Steps - 1);

        DotNetResult resumed = project.Build("-p:KinetraResume=true");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Dictionary<string, int> times = File.ReadAllLines(ran).CountBy(name => name).ToDictionary();
        Assert.Equal(Steps, times.Count);
        Assert.All(completed, name => Assert.Equal(1, times[name]));
        int[] twice = [.. times.Values.Where(count => count > 1)];
        Assert.True(twice.Length <= 2 && twice.All(count => count == 2), $"{twice.Length} steps ran again, more than ran when the build was killed");
        Assert.Equal("completed", project.State().Status);
        Assert.Equal(Steps, project.State().Steps.Count(step => step.EndsWith(": completed", StringComparison.Ordinal)));
        Assert.Contains($"{completed.Count} completed before", resumed.Output);
    }

    // Each behind up to two of the twenty before it.
    private static string Dependencies(int step) => step < 20 ? "" : string.Create(CultureInfo.InvariantCulture, $" DependsOn=\"s{step - 1 - (step * 7 % 20)};s{step - 1 - (step * 13 % 20)}\"");

    // The last record may have been cut off by the kill.
    private static HashSet<string> Completed(WorkflowProject project)
    {
        HashSet<string> names = [];
        string journal = Directory.GetFiles(project.Folder[".workflow_state"], "*.journal").Single();
        foreach (string line in File.ReadAllText(journal).Split('\n').SkipLast(1).Skip(1))
        {
            using JsonDocument json = JsonDocument.Parse(line[18..]);
            if (json.RootElement.TryGetProperty("step", out JsonElement step) && step.GetProperty("status").GetString() == "completed")
            {
                names.Add(step.GetProperty("name").GetString()!);
            }
        }

        return names;
    }
}
