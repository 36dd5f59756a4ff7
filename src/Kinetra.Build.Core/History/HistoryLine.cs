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

    /// <summary>Reads the durations. Their two arrays are the most of a file and are read by hand, in half the time that JSON takes.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    public static StepHistory Read(ReadOnlySpan<byte> line)
    {
        double? cpu = null;
        long? memory = null;
        Utf8JsonReader json = new(line);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("runs"u8))
            {
                StepHistory history = ReadArrays(line[(int)json.BytesConsumed..]);
                (history.CpuSeconds, history.PeakMemory) = (cpu, memory);
                return history;
            }

            bool isCpu = json.ValueTextEquals("cpu"u8);
            bool isMemory = json.ValueTextEquals("memory"u8);
            json.Read();
            if (isCpu)
            {
                cpu = json.GetDouble();
            }
            else if (isMemory)
            {
                memory = json.GetInt64();
            }
        }

        throw new JsonException("there are no runs");
    }

    private static StepHistory ReadArrays(ReadOnlySpan<byte> rest)
    {
        Span<long> runs = stackalloc long[StepHistory.Capacity];
        Span<long> durations = stackalloc long[StepHistory.Capacity];
        int known = ReadArray(ref rest, "["u8, runs);
        if (ReadArray(ref rest, ",\"us\":["u8, durations) != known)
        {
            throw new JsonException("not every run has a duration");
        }

        int[] numbers = new int[known];
        double[] seconds = new double[known];
        for (int i = 0; i < known; i++)
        {
            (numbers[i], seconds[i]) = ((int)runs[i], durations[i] / 1e6);
        }

        return new StepHistory(numbers, seconds);
    }

    private static int ReadArray(ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> beginning, scoped Span<long> numbers)
    {
        if (!rest.StartsWith(beginning))
        {
            throw new JsonException("an array is missing");
        }

        int place = beginning.Length;
        int known = 0;
        long number = 0;
        for (; place < rest.Length && rest[place] != ']'; place++)
        {
            if (rest[place] == ',')
            {
                (numbers[known++], number) = (number, 0);
            }
            else
            {
                number = (number * 10) + rest[place] - '0';
            }

            if (known == numbers.Length)
            {
                throw new JsonException("there are too many");
            }
        }

        // One that is empty has no last number.
        if (place > beginning.Length)
        {
            numbers[known++] = number;
        }

        rest = rest[Math.Min(place + 1, rest.Length)..];
        return known;
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
}
