using System.Text.Json;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// What a step is, as one hash over its components. Equal fingerprints mean: same work, same input. The components are kept, so that
/// a difference can be named (<see cref="FingerprintDiff"/>).
/// </summary>
public sealed record Fingerprint
{
    // Part of every hash: another number makes every recorded step run again.
    private const string Schema = "kinetra-fingerprint 2";

    private Fingerprint(string hash, Component[] components) => (Hash, Components) = (hash, components);

    /// <summary>The hash of the whole: 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>The components, ordered by label.</summary>
    public IReadOnlyList<Component> Components { get; }

    /// <summary>Makes a fingerprint.</summary>
    /// <param name="components">The components in any order.</param>
    public static Fingerprint Of(IEnumerable<Component> components)
    {
        Component[] sorted = [.. components];
        Array.Sort(sorted, Component.Compare);
        List<string> texts = new(1 + (3 * sorted.Length)) { Schema };
        foreach (Component component in sorted)
        {
            texts.Add(component.Label);
            texts.Add(component.Hash);
            if (component.Hash.Length == 0)
            {
                texts.Add(component.Text ?? "");
            }
        }

        return new Fingerprint(TextHash.Of(texts), sorted);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="JsonException">It is none, or its hash is not that of its components; another release's schema looks like that too.</exception>
    public static Fingerprint Read(JsonElement json)
    {
        try
        {
            List<Component> components = [];
            foreach (JsonElement item in json.GetProperty("components").EnumerateArray())
            {
                components.Add(new Component(TextAt(item, 0), TextAt(item, 1), item.GetArrayLength() > 2 ? TextAt(item, 2) : null));
            }

            Fingerprint read = Of(components);
            return read.Hash == json.GetProperty("hash").GetString() ? read : throw new JsonException("the hash of a fingerprint is not that of its components");
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new JsonException("this is no fingerprint", error);
        }
    }

    /// <summary>Writes it as a JSON object: <c>{"hash":…,"components":[[label,hash,text],…]}</c>, the text left out where there is none.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("hash"u8, Hash);
        json.WriteStartArray("components"u8);
        foreach (Component component in Components)
        {
            component.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Whether both stand for the same step with the same input.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Fingerprint? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    /// <summary>The hash, shortened.</summary>
    public override string ToString() => Hash[..12];

    private static string TextAt(JsonElement array, int index) => array[index].GetString() ?? throw new JsonException("a component of a fingerprint has null for a text");
}
