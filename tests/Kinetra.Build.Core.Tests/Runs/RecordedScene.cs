using System.Text;
using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tests.Runs;

/// <summary>A run that has a bit of everything that a journal keeps, and the means to read it again.</summary>
internal static class RecordedScene
{
    /// <summary>Text that is hard to write and to read.</summary>
    public const string Text = "\"quoted\" \\ \u0001\t\r\n ü数𝒳 \u2028 </script> {\"step\":1}";

    /// <summary>Runs it to its end, or leaves it as a killed build does.</summary>
    /// <param name="project">Where.</param>
    /// <param name="settings">Its settings; null for those of the project, with metadata.</param>
    /// <param name="end">How it ends; null if it does not.</param>
    public static WorkflowRun Run(TestProject project, RunSettings? settings = null, RunStatus? end = RunStatus.Failed)
    {
        using WorkflowRun run = WorkflowRun.Start(settings ?? project.Settings("master", null, ("version", "2.0"), ("ü", Text)), project.Time);
        StepRecord first = Begin(project, run, "a", Made("a", Text));
        run.BeginAttempt(first, 1, "KINETRA_ATTEMPT_ID=a.1");
        run.BeginAttempt(first, 2, "KINETRA_ATTEMPT_ID=a.2");
        first.Outputs = [new OutputDigest("out/ü.csv", TestProject.Sha256("1")), new OutputDigest("/elsewhere", TestProject.Sha256("2"))];
        first.Written = ["made.txt", Text];
        first.Operations = [new StepOperation(Text, TimeSpan.FromMicroseconds(1_234_567)), new StepOperation("", TimeSpan.Zero) { Start = TimeSpan.FromSeconds(0.5) }];
        first.AttemptTimes = [new StepAttempt(TimeSpan.Zero, TimeSpan.FromSeconds(0.25), -1, Text, TimeSpan.FromSeconds(2)), new StepAttempt(TimeSpan.FromSeconds(3), TimeSpan.FromMicroseconds(1), null, null, null)];
        first.Progress = 100;
        End(project, run, first, StepStatus.Completed, 2, 0, null);

        StepRecord failed = Begin(project, run, Text, null, critical: false);
        failed.IsReusable = false;
        End(project, run, failed, StepStatus.Failed, 1, -1, Text);
        End(project, run, Begin(project, run, "a", Made("a2", null)), StepStatus.Completed, 1, null, null);

        StepRecord open = Begin(project, run, "open", Made("open", null));
        run.BeginAttempt(open, 1, "KINETRA_ATTEMPT_ID=open.1");
        if (end is { } status)
        {
            run.Finish(status, Text);
        }

        project.Time.Advance(TimeSpan.FromSeconds(5));
        return run;
    }

    /// <summary>The journal of a run.</summary>
    public static FilePath JournalOf(TestProject project, string id) => project.Path($"{TestProject.State}/{id}.journal");

    /// <summary>Reads a run with its steps, as the next one does.</summary>
    public static RecordedRun Read(TestProject project, string id)
    {
        RecordedRun read = RecordedRun.TryRead(project.Path(TestProject.State), id)!;
        read.ReadSteps();
        return read;
    }

    /// <summary>Everything that can be read of a journal: the state file of it, and what the next run is told.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/>.</exception>
    public static (string State, IReadOnlyList<string> Completed, RecordedRun Run) Read(FilePath file, string id, byte[] content)
    {
        RecordedRun read = RecordedRun.Parse(file, id, content);
        read.ReadSteps();
        string state = Encoding.UTF8.GetString(StateFile.Format(read.Run));
        JsonDocument.Parse(state).Dispose();
        _ = read.LivingMarks();
        return (state, [.. read.KnownSteps().Where(step => step.Status == StepStatus.Completed).Select(step => $"{step.Name} {step.Occurrence}").Order(StringComparer.Ordinal)], read);
    }

    private static Fingerprint Made(string command, string? text) =>
        Fingerprint.Of([new Component("command", TestProject.Sha256(command), text), new Component("input " + Text, TestProject.Sha256("input"), null)]);

    // Times that no double can tell to the last digit.
    private static StepRecord Begin(TestProject project, WorkflowRun run, string name, Fingerprint? fingerprint, bool critical = true)
    {
        project.Time.Advance(TimeSpan.FromTicks(12_345_678));
        return run.Begin(name, run.Reserve(name), critical, fingerprint, "because " + Text);
    }

    private static void End(TestProject project, WorkflowRun run, StepRecord step, StepStatus status, int attempts, int? exitCode, string? error)
    {
        project.Time.Advance(TimeSpan.FromTicks(98_765_432));
        run.End(step, status, attempts, exitCode, error, status == StepStatus.Failed ? "logs/" + Text : null);
    }
}
