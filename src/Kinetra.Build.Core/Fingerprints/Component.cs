using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>One of the things that make a step what it is.</summary>
/// <param name="Label">
/// What it is, such as <c>command</c>, <c>input data/raw.csv</c>, <c>script steps/a.sh</c>, <c>variable MODE</c>, <c>secret TOKEN</c> or
/// <c>tool gcc</c>. A kind, and behind a blank the name where there may be several; secrets in it are masked.
/// </param>
/// <param name="Hash">Equal only if it is the same: 64 lower-case hexadecimal digits. Empty where the text is the value itself: short, and without a secret.</param>
/// <param name="Text">Its value, masked and possibly cut, to show what changed; null for files and secrets.</param>
public sealed record Component(string Label, string Hash, string? Text)
{
    private byte[]? _json;

    /// <summary>Whether both stand for the same thing with the same value.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Component? other) => other is not null && (Label, Hash, Text) == (other.Label, other.Hash, other.Text);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Label, Hash);

    /// <summary>A component whose value may be seen, and is short.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="text">Its value.</param>
    internal static Component Plain(string label, string text) => new(label, "", text);

    /// <summary>Whether it has the value of another one with its label.</summary>
    internal bool HasValueOf(Component other) => Hash == other.Hash && (Hash.Length > 0 || Text == other.Text);

    /// <summary>The same component, for many fingerprints: its JSON is made once.</summary>
    internal Component Kept()
    {
        ByteBuffer buffer = new();
        using (Utf8JsonWriter json = JsonRecord.Writer(buffer))
        {
            Write(json);
        }

        _json = buffer.Written.ToArray();
        return this;
    }

    /// <summary>Writes it as a JSON array: label, hash, and the text if there is one.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    internal void Write(Utf8JsonWriter json)
    {
        if (_json is not null)
        {
            json.WriteRawValue(_json, skipInputValidation: true);
            return;
        }

        json.WriteStartArray();
        json.WriteStringValue(Label);
        json.WriteStringValue(Hash);
        if (Text is not null)
        {
            json.WriteStringValue(Text);
        }

        json.WriteEndArray();
    }

    /// <summary>The order within a fingerprint.</summary>
    internal static int Compare(Component left, Component right)
    {
        int order = string.CompareOrdinal(left.Label, right.Label);
        order = order != 0 ? order : string.CompareOrdinal(left.Hash, right.Hash);
        return order != 0 ? order : string.CompareOrdinal(left.Text, right.Text);
    }
}
