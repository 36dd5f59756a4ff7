using System.Globalization;
using System.Text.Json;

namespace Kinetra.Build.Core.Tracing;

/// <summary>
/// Spans as OTLP in JSON: protobuf's mapping to JSON with ids in hexadecimal digits and enumerations as numbers
/// (OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding").
/// </summary>
internal static class OtlpJson
{
    /// <summary>The request for a batch.</summary>
    public static byte[] Encode(SpanBatch batch)
    {
        using MemoryStream content = new();
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            WriteAttributes(json, batch.Resource);
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", SpanBatch.Scope);
            json.WriteString("version", batch.Version);
            json.WriteEndObject();
            json.WriteStartArray("spans");
            foreach (Span span in batch.Spans)
            {
                Write(json, span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return content.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Span span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId);
        json.WriteString("spanId", span.SpanId);
        if (span.State is not null)
        {
            json.WriteString("traceState", span.State);
        }

        if (span.ParentId is not null)
        {
            json.WriteString("parentSpanId", span.ParentId);
        }

        json.WriteNumber("flags", 1);
        json.WriteString("name", span.Name);
        json.WriteNumber("kind", span.Kind);
        json.WriteString("startTimeUnixNano", span.Start.ToString(CultureInfo.InvariantCulture));
        json.WriteString("endTimeUnixNano", span.End.ToString(CultureInfo.InvariantCulture));
        WriteAttributes(json, span.Attributes);
        json.WriteStartObject("status");
        if (span.Error is not null)
        {
            json.WriteNumber("code", 2);
            json.WriteString("message", span.Error);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object>> attributes)
    {
        json.WriteStartArray("attributes");
        foreach ((string key, object value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            switch (value)
            {
                case bool flag:
                    json.WriteBoolean("boolValue", flag);
                    break;
                case long number:
                    json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                    break;
                case double number:
                    json.WriteNumber("doubleValue", number);
                    break;
                default:
                    json.WriteString("stringValue", (string)value);
                    break;
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
