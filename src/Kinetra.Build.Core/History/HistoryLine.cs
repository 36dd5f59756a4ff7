using System.Text.Json;

namespace Kinetra.Build.Core.History;

/// <summary>A step's line in a history file: <c>{"key":"a","seen":7,"cpu":1.5,"memory":4096,"runs":[6,7],"us":[1200000,1300000]}</c>, durations in microseconds.</summary>
internal static class HistoryLine
{
    /// <summary>Writes a line, without its end.</summary>
    public static void Write(Utf8JsonWriter json, string key, int seen, StepHistory history)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteNumber("seen"u8, seen);
        if (history.CpuSeconds is { } cpu)
        {
            json.WriteNumber("cpu"u8, cpu);
        }

        if (history.PeakMemory is { } memory)
        {
            json.WriteNumber("memory"u8, memory);
        }

        json.WriteStartArray("runs"u8);
        for (int i = 0; i < history.Runs.Count; i++)
        {
            json.WriteNumberValue(history.Runs[i]);
        }

        json.WriteEndArray();
        json.WriteStartArray("us"u8);
        for (int i = 0; i < history.Seconds.Count; i++)
        {
            json.WriteNumberValue((long)Math.Round(history.Seconds[i] * 1e6));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads whose line it is, and the last run that saw the step.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    public static (string Key, int Seen) ReadKey(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader json = new(line);
        json.Read();
        Expect(ref json, "key"u8);
        string key = json.GetString() ?? throw new JsonException("a key is null");
        Expect(ref json, "seen"u8);
        return (key, json.GetInt32());
    }

    /// <summary>Reads the durations.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    public static StepHistory Read(ReadOnlySpan<byte> line)
    {
        StepHistory history = new();
        Span<int> runs = stackalloc int[StepHistory.Capacity];
        int known = 0;
        Utf8JsonReader json = new(line);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("runs"u8))
            {
                for (Begin(ref json); known < runs.Length && json.TokenType != JsonTokenType.EndArray; json.Read())
                {
                    runs[known++] = json.GetInt32();
                }
            }
            else if (json.ValueTextEquals("us"u8))
            {
                int next = 0;
                for (Begin(ref json); next < known && json.TokenType != JsonTokenType.EndArray; json.Read())
                {
                    history.Add(runs[next++], json.GetInt64() / 1e6);
                }
            }
            else if (json.ValueTextEquals("cpu"u8))
            {
                json.Read();
                history.CpuSeconds = json.GetDouble();
            }
            else if (json.ValueTextEquals("memory"u8))
            {
                json.Read();
                history.PeakMemory = json.GetInt64();
            }
            else
            {
                json.Read();
            }
        }

        return history;
    }

    private static void Expect(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(name))
        {
            throw new JsonException("a member is missing");
        }

        json.Read();
    }

    private static void Begin(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an array is missing");
        }

        json.Read();
    }
}
