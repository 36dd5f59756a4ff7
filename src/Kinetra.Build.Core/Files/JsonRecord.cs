using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kinetra.Build.Core.Files;

/// <summary>Makes JSON in one line, readable as far as JSON allows.</summary>
internal static class JsonRecord
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>An object.</summary>
    /// <param name="write">Writes its properties.</param>
    public static byte[] Format(Action<Utf8JsonWriter> write)
    {
        ByteBuffer buffer = new();
        using (Utf8JsonWriter json = Writer(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.Written.ToArray();
    }

    /// <summary>A writer of such JSON.</summary>
    /// <param name="buffer">Where it goes.</param>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> buffer) => new(buffer, OneLine);

    /// <summary>Writes a time in seconds since 1970, to the microsecond; or null.</summary>
    public static void WriteTime(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time) => json.WriteSeconds(name, time - DateTimeOffset.UnixEpoch);

    /// <summary>Writes a duration in seconds, to the microsecond; or null. By hand, as the shortest text of a floating-point number takes ten times as long to find.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? duration)
    {
        if (duration is not { Ticks: long ticks })
        {
            json.WriteNull(name);
            return;
        }

        long microseconds = ticks / TimeSpan.TicksPerMicrosecond;
        Span<byte> text = stackalloc byte[32];
        int start = text.Length;
        (ulong seconds, ulong rest) = Math.DivRem((ulong)Math.Abs(microseconds), 1_000_000UL);
        if (rest > 0)
        {
            int digits = 6;
            for (; rest % 10 == 0; rest /= 10)
            {
                digits--;
            }

            for (; digits > 0; digits--, rest /= 10)
            {
                text[--start] = (byte)('0' + (rest % 10));
            }

            text[--start] = (byte)'.';
        }

        do
        {
            text[--start] = (byte)('0' + (seconds % 10));
            seconds /= 10;
        }
        while (seconds > 0);

        if (microseconds < 0)
        {
            text[--start] = (byte)'-';
        }

        json.WritePropertyName(name);
        json.WriteRawValue(text[start..], skipInputValidation: true);
    }

    /// <summary>Writes a number, or null.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
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
