using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// What a step is, as one hash over its components. Equal fingerprints mean: same work, same input. The components are kept, so that
/// a difference can be named (<see cref="FingerprintDiff"/>).
/// </summary>
public sealed record Fingerprint
{
    // Part of every hash: another number makes every recorded step run again.
    private const string Schema = "kinetra-fingerprint 2";

    // What was recorded, until somebody asks for its components; empty if it was not read from a record.
    private readonly ReadOnlyMemory<byte> _recorded;
    private IReadOnlyList<Component>? _components;

    private Fingerprint(string hash, IReadOnlyList<Component>? components, ReadOnlyMemory<byte> recorded) => (Hash, _components, _recorded) = (hash, components, recorded);

    /// <summary>The hash of the whole: 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>The components, ordered by label. None if the record of them cannot be understood, or if its hash is not theirs: another release's schema looks like that.</summary>
    public IReadOnlyList<Component> Components => _components ??= ReadComponents();

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

        return new Fingerprint(TextHash.Of(texts), sorted, default);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. The components are not looked at before somebody asks for them: of most steps only the hash is compared.</summary>
    /// <param name="json">Where it is next.</param>
    /// <returns>Null if something else is there.</returns>
    /// <exception cref="JsonException">What is there is no JSON.</exception>
    internal static Fingerprint? Read(ref JsonScanner json)
    {
        if (!json.IsObject)
        {
            json.Skip();
            return null;
        }

        string? hash = null;
        bool hasComponents = false;
        int start = json.Position;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("hash"u8) && json.IsText)
            {
                hash = json.ReadText();
                continue;
            }

            hasComponents |= json.IsNamed("components"u8) && json.IsArray;
            json.Skip();
        }

        return hash is not null && hasComponents ? new Fingerprint(hash, null, json.Since(start)) : null;
    }

    /// <summary>Writes it as a JSON object: <c>{"hash":…,"components":[[label,hash,text],…]}</c>, the text left out where there is none.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    public void Write(Utf8JsonWriter json)
    {
        if (!_recorded.IsEmpty)
        {
            json.WriteRawValue(_recorded.Span, skipInputValidation: true);
            return;
        }

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

    private IReadOnlyList<Component> ReadComponents()
    {
        try
        {
            Fingerprint read = Of(ReadComponents(new JsonScanner(_recorded)));
            return read.Hash == Hash ? read.Components : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static List<Component> ReadComponents(JsonScanner json)
    {
        List<Component> components = [];
        json.BeginObject();
        while (json.NextProperty())
        {
            if (!json.IsNamed("components"u8))
            {
                json.Skip();
                continue;
            }

            json.BeginArray();
            while (json.NextItem())
            {
                components.Add(ReadComponent(ref json));
            }
        }

        return components;
    }

    private static Component ReadComponent(ref JsonScanner json)
    {
        string[] texts = new string[3];
        int count = 0;
        json.BeginArray();
        while (json.NextItem())
        {
            string text = json.ReadText();
            if (count < texts.Length)
            {
                texts[count++] = text;
            }
        }

        return count >= 2 ? new Component(texts[0], texts[1], count > 2 ? texts[2] : null) : throw new JsonException("a component of a fingerprint without a hash");
    }
}
