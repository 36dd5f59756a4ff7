using System.Text;
using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tests.Reports;

/// <summary>A run whose report is looked at.</summary>
internal sealed class ReportScene : IDisposable
{
    public ReportScene(string workflow = "master", params (string Name, string Value)[] metadata) =>
        Run = WorkflowRun.Start(Project.Settings(workflow, null, metadata), Project.Time);

    public TestProject Project { get; } = new();

    public WorkflowRun Run { get; private set; }

    public List<StepGraph> Graphs { get; } = [];

    public DurationHistory History => DurationHistory.Load(Project.Path($"{TestProject.State}/master.history"));

    /// <summary>Runs a step, for a second.</summary>
    public StepRecord Step(string name, StepStatus status = StepStatus.Completed, string? error = null, string? log = null, bool critical = true, double seconds = 1)
    {
        StepRecord step = Run.Begin(name, critical);
        Project.Time.Advance(TimeSpan.FromSeconds(seconds));
        if (log is not null)
        {
            FilePath file = Run.OutputOf(step, 1);
            Directory.CreateDirectory(Path.GetDirectoryName(file.Full)!);
            File.WriteAllBytes(file.Full, Encoding.UTF8.GetBytes(log));
        }

        Run.End(step, status, 1, status == StepStatus.Completed ? 0 : 1, error, log is null ? null : Run.OutputOf(step, 1).Display);
        return step;
    }

    /// <summary>Ends the run and writes its report.</summary>
    public string Report(RunStatus status = RunStatus.Completed, string? error = null, string? resume = null)
    {
        Run.Finish(status, error);
        FilePath file = HtmlReport.Write(new ReportSource(Run, Graphs, History) { ResumeCommand = resume });
        return File.ReadAllText(file.Full);
    }

    /// <summary>Begins the next run of the workflow.</summary>
    /// <param name="resume">Whether it continues this one, which has failed then.</param>
    public void Next(bool resume = false)
    {
        Run.Finish(resume ? RunStatus.Failed : RunStatus.Completed);
        Run.Dispose();
        Project.Time.Advance(TimeSpan.FromMinutes(1));
        Run = WorkflowRun.Start(Project.Settings() with { Resume = resume }, Project.Time);
    }

    /// <summary>The data block, as a browser finds it: up to the first end of a script behind its beginning.</summary>
    public static string DataTextOf(string page)
    {
        const string Begin = "<script type=\"application/json\" id=\"data\">";
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return page[from..page.IndexOf("</script", from, StringComparison.OrdinalIgnoreCase)];
    }

    public static JsonElement DataOf(string page) => JsonDocument.Parse(DataTextOf(page)).RootElement;

    public void Dispose()
    {
        Run.Dispose();
        Project.Dispose();
    }
}
