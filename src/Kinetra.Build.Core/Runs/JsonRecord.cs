using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>Makes a JSON object in one line, readable as far as JSON allows.</summary>
internal static class JsonRecord
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The object.</summary>
    /// <param name="write">Writes its properties.</param>
    public static byte[] Format(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = Writer(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A writer of such objects.</summary>
    /// <param name="buffer">Where they go.</param>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> buffer) => new(buffer, OneLine);

    /// <summary>Writes a number, or null.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, double? value)
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
}
