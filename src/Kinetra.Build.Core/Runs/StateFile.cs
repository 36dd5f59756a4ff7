using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// The state of a run as JSON, with the fields and meanings of the seed's <c>WorkflowState</c>: times in seconds since
/// 1970, durations in seconds. It is made from what the journal holds.
/// </summary>
internal static class StateFile
{
    private const int PartLength = 64 * 1024;

    /// <summary>How the state is written: for people too.</summary>
    internal static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole state.</summary>
    public static byte[] Format(RunRecord run)
    {
        using MemoryStream content = new();
        Write(run, content.Write);
        return content.ToArray();
    }

    /// <summary>Writes the whole state, durably, without ever holding more than a part of it.</summary>
    /// <param name="file">Where.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="KinetraException">It could not be written.</exception>
    public static void Write(FilePath file, RunRecord run)
    {
        using AtomicFile state = AtomicFile.Create(file, UnixMode.Private, digest: false);
        Write(run, state.Append);
        state.Seal();
        state.Commit();
    }

    private static void Write(RunRecord run, Action<ReadOnlySpan<byte>> append)
    {
        using MemoryStream part = new();
        (byte[] head, byte[] tail) = Frame(run);
        part.Write(head);
        using StepFormatter steps = new();
        for (int i = 0; i < run.Steps.Count; i++)
        {
            if (i > 0)
            {
                part.WriteByte((byte)',');
            }

            part.Write(steps.Format(run.Steps[i]));
            if (part.Length >= PartLength)
            {
                append(part.GetBuffer().AsSpan(0, (int)part.Length));
                part.SetLength(0);
            }
        }

        part.Write(tail);
        append(part.GetBuffer().AsSpan(0, (int)part.Length));
    }

    /// <summary>The state without its steps: what stands before them, and what behind.</summary>
    public static (byte[] Head, byte[] Tail) Frame(RunRecord run)
    {
        using MemoryStream buffer = new();
        long head;
        using (Utf8JsonWriter json = new(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("workflow_name", run.Workflow);
            json.WriteString("workflow_id", run.Id);
            json.WriteTime("start_time"u8, run.StartTime);
            json.WriteTime("end_time"u8, run.StartTime + run.Duration);
            json.WriteSeconds("total_duration"u8, run.Duration);
            json.WriteString("status", run.Status.Word());
            json.WriteStartArray("steps");
            json.Flush();
            head = buffer.Length;
            json.WriteEndArray();
            json.WriteStartObject("metadata");
            foreach ((string name, string value) in run.Metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("error", run.Error);
            json.WriteString("log_file", run.LogFile);
            json.WriteString("continues", run.ContinuesId);
            if (run.Timing is { } timing)
            {
                json.WritePropertyName("timing");
                timing.Write(json);
            }

            if (run.Estimate is { } estimate)
            {
                json.WritePropertyName("estimate");
                estimate.Write(json);
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        byte[] all = buffer.ToArray();
        return (all[..(int)head], all[(int)head..]);
    }

    /// <summary>Seconds since 1970.</summary>
    public static double Epoch(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The time that is so many seconds since 1970.</summary>
    /// <exception cref="OverflowException">There is no such time.</exception>
    public static DateTimeOffset Time(double epoch) => epoch is > -62e9 and < 253e9
        ? DateTimeOffset.UnixEpoch + Seconds(epoch)
        : throw new OverflowException("a time");

    /// <summary>A duration.</summary>
    /// <exception cref="OverflowException">It is out of range.</exception>
    public static TimeSpan Seconds(double seconds) => TimeSpan.FromMicroseconds(checked((long)Math.Round(seconds * 1e6)));

    /// <summary>The duration of what began at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no time at which it would have ended.</exception>
    public static TimeSpan Lasting(DateTimeOffset start, TimeSpan duration) => start + duration - start;

    /// <summary>A duration to the microsecond, which is what a number of seconds since 1970 can tell.</summary>
    public static TimeSpan Rounded(TimeSpan duration) => Seconds(duration.TotalSeconds);
}
