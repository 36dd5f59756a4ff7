using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kinetra.Build.Tool.Output;

/// <summary>Prints JSON, UTF-8, with a line feed at its end.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints a document.</summary>
    public static void Print(JsonNode json) => Console.Out.Write(json.ToJsonString(Readable) + "\n");

    /// <summary>Prints a document in one line, for streams of them.</summary>
    public static void PrintLine(JsonNode json) => Console.Out.Write(json.ToJsonString(OneLine) + "\n");

    /// <summary>An array.</summary>
    public static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    /// <summary>A time: seconds since 1970, as in the state file.</summary>
    public static JsonNode Time(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>A duration in seconds; null for none.</summary>
    public static JsonNode? Seconds(TimeSpan? duration) => duration is { } known ? (JsonNode)known.TotalSeconds : null;
}
