using Kinetra.Build.Testing;

[assembly: AssemblyFixture(typeof(Kinetra.Build.Tool.Tests.RecordedProject))]

namespace Kinetra.Build.Tool.Tests;

/// <summary>A project with two real runs, made once for all tests that only look: one that failed, and one that continues it and completes.</summary>
public sealed class RecordedProject : IDisposable
{
    private readonly Lazy<WorkflowProject> _project = new(Create);

    /// <summary>Its folder.</summary>
    public TempFolder Folder => _project.Value.Folder;

    /// <summary>The ids of its runs, oldest first.</summary>
    public IReadOnlyList<string> Runs =>
        [.. Directory.EnumerateFiles(Folder[".workflow_state"], "*.journal").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        if (_project.IsValueCreated)
        {
            _project.Value.Dispose();
        }
    }

    private static WorkflowProject Create()
    {
        // The name with a bracket and an escape sequence in the output: neither markup nor a terminal may be fooled.
        WorkflowProject project = new(
            """
            <ItemGroup>
              <KinetraStep Include="download" Command="if [ -e flag ]; then printf 'got \033]0;title\007it\n'; echo x &gt; prices.csv; else touch flag; echo no network; exit 5; fi" Outputs="prices.csv" />
              <KinetraStep Include="count" Command="wc -l prices.csv &gt; count.txt" Inputs="prices.csv" Outputs="count.txt" />
              <KinetraStep Include="load [red]data" Command="echo loading; test -e ok || exit 4" MaxAttempts="1" DependsOn="count!" />
              <KinetraStep Include="optional" Command="exit 3" MaxAttempts="1" Critical="false" DependsOn="load [red]data" />
              <KinetraStep Include="publish" Command="echo pub" DependsOn="load [red]data!" />
            </ItemGroup>
            """,
            targets: "");
        DotNetResult failed = project.Build();
        Assert.True(failed.ExitCode == 1, failed.ToString());
        project.Write("ok", "");
        DotNetResult completed = project.Build("-p:KinetraResume=true", "-bl");
        Assert.True(completed.ExitCode == 0, completed.ToString());
        return project;
    }
}
