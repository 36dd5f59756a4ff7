using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed partial class BusyTests
{
    private const int Builds = 8;

    [Fact]
    public void Of_eight_builds_at_once_one_runs_and_seven_are_told_who_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The step is a line for a POSIX shell.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Long" Command="echo line >> lines ; while [ ! -e go ] ; do sleep 0.05 ; done" /></Target>""");
        RunningDotNet[] builds = [.. Enumerable.Range(0, Builds).Select(_ => project.Start())];
        try
        {
            Task<DotNetResult>[] ends = [.. builds.Select(build => Task.Factory.StartNew(() => build.WaitForEnd(TimeSpan.FromMinutes(3)), TaskCreationOptions.LongRunning))];
            SpinWait.SpinUntil(() => { Thread.Sleep(50); return ends.Count(end => end.IsCompleted) >= Builds - 1; }, TimeSpan.FromMinutes(2));
            int winner = Array.FindIndex(ends, end => !end.IsCompleted);
            string[] files = [.. project.Folder.Files()];
            project.Write("go", "");
            DotNetResult[] results = [.. ends.Select(end => end.Result)];

            Assert.True(winner >= 0, string.Join('\n', results.Select(result => result.ToString())));
            Assert.True(results[winner].ExitCode == 0, results[winner].ToString());
            Assert.Equal("line\n", project.Folder.Read("lines"));
            string id = Path.GetFileNameWithoutExtension(project.StateFile());
            string who = string.Create(CultureInfo.InvariantCulture, $"process {builds[winner].Id} on {Environment.MachineName}, since ");
            Assert.All(results.Where((_, index) => index != winner), result =>
            {
                Assert.True(result.ExitCode == 1, result.ToString());
                Assert.Equal(["KIN5005"], result.Errors);
                Assert.Contains(who, result.Output);
                Assert.Matches(Since(), result.Output);

                // In the first moment the run has no id yet.
                Assert.All(Named().Matches(result.Output), run => Assert.Equal(id, run.Groups["id"].Value));
            });

            // Nothing of theirs.
            Assert.Equal(
                [".workflow_state/*.journal", ".workflow_state/*.json", "logs/workflow/*.log"],
                files.Where(file => Run().IsMatch(file)).Select(file => Run().Replace(file, "*").Replace("workflow_*", "*", StringComparison.Ordinal)));
            Assert.All(files.Where(file => Run().IsMatch(file)), file => Assert.Contains(id, file));
            Assert.DoesNotContain(files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
        }
        finally
        {
            Array.ForEach(builds, build => build.Dispose());
        }
    }

    [GeneratedRegex(@"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex Since();

    [GeneratedRegex(@"\(run (?<id>[^)]*)\)")]
    private static partial Regex Named();

    [GeneratedRegex(@"\d{8}_\d{6}(-\d{3})?")]
    private static partial Regex Run();
}
