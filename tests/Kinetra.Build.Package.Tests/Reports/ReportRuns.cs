using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Reports;

/// <summary>Runs whose reports are looked at, each made once, by a real build.</summary>
public sealed class ReportRuns : IDisposable
{
    /// <summary>The name of a step that is hostile.</summary>
    public const string Hostile = "<script>alert(1)</script>";

    private readonly WorkflowProject _small = new(
        """
        <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
        <ItemGroup>
          <KinetraMetadata Include="version" Value="2.0 &lt;b&gt;" />
          <KinetraStep Include="download" Command="sleep 0.2; test $KINETRA_ATTEMPT -gt 1 || exit 22; date &gt; data.csv" RetryDelay="300ms" Outputs="data.csv" />
          <KinetraStep Include="other data" Command="echo ::group::connect; sleep 0.1; echo ::endgroup::; echo ::group::read; sleep 0.2; echo ::endgroup::" />
          <KinetraStep Include="convert" Command="sleep 0.1; cp data.csv standard.csv" Inputs="data.csv" Outputs="standard.csv" />
          <KinetraStep Include="&lt;script&gt;alert(1)&lt;/script&gt;" DependsOn="convert" Critical="false" MaxAttempts="1" Command="printf '&lt;/script&gt;&lt;script&gt;alert(2)&lt;/script&gt;&lt;img src=x onerror=alert(3)&gt;\n\033[31mred\033[0m\n\342\200\250\n'; exit 3" />
          <KinetraStep Include="load" DependsOn="convert;other data" MaxAttempts="2" RetryDelay="100ms" Command="echo 'no such table: prices'; sleep 0.1; test -e good" Suggestion="Run the migration first." />
          <KinetraStep Include="publish" DependsOn="load!" Command="sleep 0.1" />
        </ItemGroup>
        """,
        targets: "");

    private readonly Lazy<(string Report, string State)> _failed;
    private readonly Lazy<(string Report, string State)> _resumed;
    private readonly Lazy<(string Report, string State)> _many;
    private WorkflowProject? _large;

    public ReportRuns()
    {
        _failed = new(() => Build(_small, exitCode: 1));
        _resumed = new(() =>
        {
            _ = _failed.Value;
            _small.Write("good", "");
            return Build(_small, exitCode: 0, "-p:KinetraResume=true");
        });
        _many = new(() => Build(_large = new WorkflowProject($"""
            <PropertyGroup><KinetraMaxParallel>4</KinetraMaxParallel><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
            <ItemGroup>
              {string.Join('\n', Enumerable.Range(0, 1_000).Select(i => $"<KinetraStep Include=\"s{i:000}\" DependsOn=\"{(i < 20 ? "" : $"s{i - 20:000};s{i - (i % 7) - 10:000}")}\" Critical=\"{(i == 777 ? "false" : "true")}\" Command=\"{(i == 777 ? "exit 3" : i % 100 == 5 ? "sleep 0.2" : ":")}\" />"))}
            </ItemGroup>
            """, targets: ""), exitCode: 0));
    }

    /// <summary>A run that failed: report and state file.</summary>
    public (string Report, string State) Failed => _failed.Value;

    /// <summary>The run that continued it.</summary>
    public (string Report, string State) Resumed => _resumed.Value;

    /// <summary>A run of a thousand steps.</summary>
    public (string Report, string State) Many => _many.Value;

    public void Dispose()
    {
        _small.Dispose();
        _large?.Dispose();
    }

    private static (string Report, string State) Build(WorkflowProject project, int exitCode, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        DotNetResult result = project.Build(arguments);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        string state = project.StateFile();
        return (project.Folder[$"logs/workflow/workflow_{Path.GetFileNameWithoutExtension(state)}.html"], state);
    }
}
