using System.Text.Json;
using Kinetra.Build.Core.Files;

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
    /// <exception cref="InvalidOperationException">The key is no text in UTF-8.</exception>
    /// <exception cref="FormatException">The run is no integer.</exception>
    /// <exception cref="OverflowException">The run is too large.</exception>
    public static (string Key, int Seen) ReadKey(ReadOnlyMemory<byte> line)
    {
        JsonScanner json = new(line);
        json.BeginObject();
        Expect(ref json, "key"u8);
        string key = json.ReadText();
        Expect(ref json, "seen"u8);
        return (key, json.ReadInt32());
    }

    /// <summary>Reads the durations. Their two arrays are the most of a file and are read by hand, in half the time that JSON takes.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="FormatException">A number is of another kind.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    public static StepHistory Read(ReadOnlyMemory<byte> line)
    {
        double? cpu = null;
        long? memory = null;
        JsonScanner json = new(line);
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("runs"u8))
            {
                StepHistory history = ReadArrays(line.Span[json.Position..]);
                (history.CpuSeconds, history.PeakMemory) = (cpu, memory);
                return history;
            }

            if (json.IsNamed("cpu"u8))
            {
                cpu = json.ReadSeconds().TotalSeconds;
            }
            else if (json.IsNamed("memory"u8))
            {
                memory = json.ReadInt64();
            }
            else
            {
                json.Skip();
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

    private static void Expect(ref JsonScanner json, ReadOnlySpan<byte> name)
    {
        if (!json.NextProperty() || !json.IsNamed(name))
        {
            throw new JsonException("a member is missing");
        }
    }
}
