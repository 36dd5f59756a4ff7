using System.Buffers;
using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>
/// The data block of a report: the run and its steps as in the state file, and what a reader wants beside them. Written with the strictest
/// encoder: nothing but ASCII, and no <c>&lt;</c>, <c>&gt;</c> or <c>&amp;</c>, so that no text can end the element that it stands in.
/// </summary>
internal static class ReportData
{
    /// <summary>The version of its form; grows when a reader of an older form would misunderstand it.</summary>
    public const int Version = 1;

    /// <summary>How many lines of the log of a step that failed are shown.</summary>
    public const int MostTailLines = 100;

    /// <summary>How many bytes of it at most.</summary>
    public const int MostTailBytes = 16 * 1024;

    // Of so many steps that failed the end of the log is shown; more nobody reads.
    private const int MostTails = 100;

    private const int MostRuns = 20;

    // Journals beyond that are left unread.
    private const long MostBytes = 4 * 1024 * 1024;

    private static readonly JsonWriterOptions Strict = new() { SkipValidation = true };

    /// <summary>Writes it.</summary>
    /// <param name="buffer">Where.</param>
    /// <param name="source">What the report is made of.</param>
    public static void Write(IBufferWriter<byte> buffer, ReportSource source)
    {
        IReadOnlyList<StepRecord> steps = source.Run.Steps;
        List<RecordedRun> runs = [.. source.Run.RunsBefore(MostRuns, MostBytes)];
        StepPast past = new(source, steps, runs);
        using Utf8JsonWriter json = new(buffer, Strict);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WritePropertyName("run");
        WriteRun(json, source.Run);
        json.WriteString("resume_command", source.ResumeCommand);
        json.WriteStartArray("steps");
        int tails = 0;
        foreach (StepRecord step in steps)
        {
            json.WriteStartObject();
            step.WriteState(json);
            if (step.Status is StepStatus.Failed or StepStatus.Interrupted && step.Attempts > 0 && tails++ < MostTails)
            {
                WriteFailure(json, source.Run, step);
            }

            past.Write(json, step);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteGraph(json, source.Graphs);
        WriteRuns(json, runs);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, WorkflowRun run)
    {
        json.WriteStartObject();
        json.WriteString("workflow_name", run.Workflow);
        json.WriteString("workflow_id", run.Id);
        json.WriteNumber("start_time", StateFile.Epoch(run.StartTime));
        json.WriteSeconds("total_duration"u8, run.Duration);
        json.WriteString("status", run.Status.Word());
        json.WriteString("error", run.Error);
        json.WriteString("log_file", run.Log.File.Display);
        json.WriteString("state_file", run.StateFile.Display);
        json.WriteString("continues", run.ContinuesId);
        json.WriteStartObject("metadata");
        foreach ((string name, string value) in run.Metadata)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        if (run.Timing is { } timing)
        {
            json.WritePropertyName("timing");
            timing.Write(json);
        }

        json.WriteEndObject();
    }

    // What changed is compared with the last success as the error message of the step does it.
    private static void WriteFailure(Utf8JsonWriter json, WorkflowRun run, StepRecord step)
    {
        if (LogTail.Read(run.OutputOf(step, step.Attempts), MostTailLines, MostTailBytes) is { Length: > 0 } tail)
        {
            json.WriteString("log_tail", tail);
        }

        if (run.FindLastSuccess(step.Name, step.Occurrence) is { } success)
        {
            json.WriteStartObject("last_success");
            json.WriteString("run", success.ResumedFrom);
            json.WriteSeconds("duration"u8, success.Duration);
            json.WriteSeconds("cpu_time"u8, success.Cpu);
            json.WriteOptional("peak_memory"u8, success.PeakMemory);
            json.WriteString("changes", success.Fingerprint is { } then && step.Fingerprint is { } now ? FingerprintDiff.Describe(then, now) ?? "" : null);
            json.WriteEndObject();
        }
    }

    private static void WriteGraph(Utf8JsonWriter json, IReadOnlyList<StepGraph> graphs)
    {
        if (graphs.Count == 0)
        {
            return;
        }

        json.WriteStartObject("graph");
        json.WriteStartArray("nodes");
        foreach (StepGraph graph in graphs)
        {
            foreach (GraphStep step in graph.Steps)
            {
                json.WriteStringValue(step.Name);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("edges");
        int first = 0;
        foreach (StepGraph graph in graphs)
        {
            for (int i = 0; i < graph.Steps.Count; i++)
            {
                foreach (Dependency dependency in graph.DependenciesOf(i))
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(first + dependency.Step);
                    json.WriteNumberValue(first + i);
                    json.WriteEndArray();
                }
            }

            first += graph.Steps.Count;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRuns(Utf8JsonWriter json, List<RecordedRun> runs)
    {
        json.WriteStartArray("runs");
        for (int i = runs.Count - 1; i >= 0; i--)
        {
            RunRecord run = runs[i].Run;
            json.WriteStartObject();
            json.WriteString("workflow_id", run.Id);
            json.WriteString("status", run.Status.Word());
            json.WriteSeconds("duration"u8, run.Duration);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
