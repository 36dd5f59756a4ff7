using System.Globalization;
using System.Text;
using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>
/// The file of a cached step: one JSON object that begins with its version and the CRC-32C of all bytes behind that checksum's comma, so
/// that one that was cut or edited is recognized, and holds its fingerprint, so that one under another's name is.
/// </summary>
internal static class CacheEntry
{
    private const int CrcLength = 8;

    private static readonly byte[] Beginning = [.. "{\"kinetra_step\":1,\"crc32c\":\""u8];
    private static readonly int Covered = Beginning.Length + CrcLength + "\",".Length;

    /// <summary>The bytes of an entry.</summary>
    /// <param name="fingerprint">Its fingerprint.</param>
    /// <param name="step">The step.</param>
    public static byte[] Format(string fingerprint, CachedStep step)
    {
        ByteBuffer buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("kinetra_step", 1);
            json.WriteString("crc32c", "00000000");
            json.WriteString("fingerprint", fingerprint);
            json.WriteString("workflow", step.Workflow);
            json.WriteString("step", step.Step);
            json.WriteString("run_id", step.RunId);
            json.WriteNumber("duration", step.Duration.TotalSeconds);
            json.WriteStartArray("outputs");
            foreach (CachedOutput output in step.Outputs)
            {
                json.WriteStartArray();
                json.WriteStringValue(output.Path);
                json.WriteStringValue(output.Sha256);
                json.WriteNumberValue(output.Size);
                if (output.Mode is not null || output.Place is not null)
                {
                    json.WriteStringValue(output.Mode is { } mode ? UnixMode.Format(mode) : null);
                }

                if (output.Place is not null)
                {
                    json.WriteStringValue(output.Place);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("written");
            foreach (string path in step.Written)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        byte[] bytes = [.. buffer.Written, (byte)'\n'];
        Crc(bytes).CopyTo(bytes, Beginning.Length);
        return bytes;
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="fingerprint">Whose entry it should be.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <returns>Null if it is damaged, another's, or another release made it in another form.</returns>
    public static CachedStep? TryParse(string fingerprint, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length <= Covered || !span.StartsWith(Beginning) || !span.Slice(Beginning.Length, CrcLength).SequenceEqual(Crc(span))
            || span[Covered - 2] != '"' || span[Covered - 1] != ',')
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            return Read(fingerprint, json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException or KinetraException)
        {
            // Somebody has made it up, checksum and all.
            return null;
        }
    }

    private static CachedStep? Read(string fingerprint, JsonElement json)
    {
        if (json.GetProperty("fingerprint").GetString() != fingerprint)
        {
            return null;
        }

        JsonElement array = json.GetProperty("outputs");
        List<CachedOutput> outputs = new(array.GetArrayLength());
        foreach (JsonElement item in array.EnumerateArray())
        {
            CachedOutput output = new(
                Text(item[0]), Text(item[1]), item[2].GetInt64(), item.GetArrayLength() > 3 && item[3].GetString() is { } mode ? UnixMode.Parse("mode", mode) : null)
            {
                Place = item.GetArrayLength() > 4 ? Text(item[4]) : null,
            };
            if (!CacheDirectory.IsDigest(output.Sha256) || output.Size < 0)
            {
                return null;
            }

            outputs.Add(output);
        }

        List<string> written = [];
        foreach (JsonElement item in json.GetProperty("written").EnumerateArray())
        {
            written.Add(Text(item));
        }

        return new CachedStep(
            Text(json.GetProperty("workflow")), Text(json.GetProperty("step")), Text(json.GetProperty("run_id")), TimeSpan.FromSeconds(json.GetProperty("duration").GetDouble()), outputs, written)
        {
            Fingerprint = fingerprint,
        };
    }

    private static string Text(JsonElement json) => json.GetString() ?? throw new JsonException("a text is null");

    private static byte[] Crc(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes(Crc32C.Compute(bytes[Covered..]).ToString("x8", CultureInfo.InvariantCulture));
}
