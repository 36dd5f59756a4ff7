using System.Text.Encodings.Web;
using System.Text.Json;

namespace Steps.Files;

/// <summary>Indented JSON with line feeds and a final line end, the same bytes on every system.</summary>
static class Json
{
    static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // file names stay readable; this JSON is never put into HTML
    };

    /// <summary>Runs the writer and returns the bytes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
            write(json);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
