using System.Text.Encodings.Web;
using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// The state of a run as JSON, with the fields and meanings of the seed's <c>WorkflowState</c>: times in seconds since
/// 1970, durations in seconds.
/// </summary>
internal static class StateFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The state as it is kept.</summary>
    public static byte[] Format(WorkflowRun run)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("workflow_name", run.Workflow);
            json.WriteString("workflow_id", run.Id);
            json.WriteNumber("start_time", Epoch(run.StartTime));
            WriteOptional(json, "end_time", run.Duration is { } taken ? Epoch(run.StartTime + taken) : null);
            WriteOptional(json, "total_duration", run.Duration?.TotalSeconds);
            json.WriteString("status", Word(run.Status));
            json.WriteStartArray("steps");
            foreach (StepRecord step in run.Steps)
            {
                step.Write(json);
            }

            json.WriteEndArray();
            json.WriteStartObject("metadata");
            foreach ((string name, string value) in run.Metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("error", run.Error);
            json.WriteString("log_file", run.Log.File.Display);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>The last run of a workflow in a state directory; null if there is none.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static PreviousRun? FindLast(FilePath directory, string workflow)
    {
        // The names order the runs; "-002" follows the plain name of its second as "-" sorts before ".", once ".json" is cut off.
        return Names(directory)
            .Where(RunId.IsValid)
            .OrderDescending(StringComparer.Ordinal)
            .Select(id => Read(directory.Combine(id + ".json"), id))
            .FirstOrDefault(run => run.Workflow == workflow);
    }

    private static string[] Names(FilePath directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory.Full, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The state directory {directory} cannot be read: {Errno.Describe(error)}. If another user made it, give it to yourself (sudo chown -R $USER {ShellText.Quote(directory.Display)}), or choose another one with KinetraStateDirectory.", error);
        }
    }

    /// <summary>Seconds since 1970.</summary>
    public static double Epoch(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>A status as it is written.</summary>
    public static string Word<T>(T status)
        where T : struct, Enum => status.ToString().ToLowerInvariant();

    /// <summary>Writes a number, or null.</summary>
    public static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static RunStatus StatusOf(string word) => word switch
    {
        "running" => RunStatus.Running,
        "completed" => RunStatus.Completed,
        "failed" => RunStatus.Failed,
        "interrupted" => RunStatus.Interrupted,
        _ => throw new JsonException($"the status {word} is not known"),
    };

    private static PreviousRun Read(FilePath file, string id)
    {
        try
        {
            return Read(File.ReadAllBytes(file.Full), id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The state file {file} cannot be read: {Errno.Describe(error)}.", error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new KinetraException(DiagnosticCodes.CorruptState, $"The state file {file} is damaged. Nothing depends on it but the history: move it away, and build again.", error);
        }
    }

    // A reader rather than a document: it costs every build less.
    private static PreviousRun Read(ReadOnlySpan<byte> content, string id)
    {
        Utf8JsonReader json = new(content);
        string? workflow = null;
        string? status = null;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1)
            {
                bool isName = json.ValueTextEquals("workflow_name"u8);
                bool isStatus = json.ValueTextEquals("status"u8);
                json.Read();
                workflow = isName ? json.GetString() : workflow;
                status = isStatus ? json.GetString() : status;
            }
        }

        return workflow is not null && status is not null
            ? new PreviousRun(workflow, id, StatusOf(status))
            : throw new JsonException("workflow_name or status is missing");
    }
}

/// <summary>What the next run says of the last one.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Status">Where it stands in its state file.</param>
public sealed record PreviousRun(string Workflow, string Id, RunStatus Status);
