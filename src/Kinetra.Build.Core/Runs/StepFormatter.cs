using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>Formats steps as they stand in the array of the state file, one after another. One thread at a time.</summary>
internal sealed class StepFormatter : IDisposable
{
    private readonly ByteBuffer _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    /// <summary>Prepares to format.</summary>
    public StepFormatter() => _json = new Utf8JsonWriter(_buffer, StateFile.Readable);

    /// <summary>A step, on lines of its own; what stands between two is for the caller.</summary>
    /// <param name="step">The step.</param>
    /// <returns>The text, until the next one is formatted.</returns>
    public ReadOnlySpan<byte> Format(StepRecord step)
    {
        // Within an object and an array of its own, for the same indentation as in the file.
        _buffer.Clear();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteStartArray("steps");
        _json.Flush();
        int start = _buffer.Length;
        _json.WriteStartObject();
        step.WriteState(_json);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.Written[start..];
    }

    public void Dispose() => _json.Dispose();
}
