using System.Text;
using System.Text.Json;
using CsCheck;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class FingerprintTests
{
    // Few letters, so that texts run together in many ways.
    private static readonly Gen<string> Word = Gen.Char["ab \0"].Array[0, 3].Select(letters => new string(letters));

    private static readonly Gen<Component[]> Components = Gen.Select(Word, Word, Gen.Bool, (label, value, isPlain) => isPlain ? Component.Plain(label, value) : new Component(label, "#" + value, null)).Array[0, 4];

    [Fact]
    public void Two_sets_of_components_have_the_same_hash_only_if_they_are_the_same() =>
        Gen.Select(Components, Components).Sample(
            (left, right) => (Canonical(left) == Canonical(right)) == (Fingerprint.Of(left).Hash == Fingerprint.Of(right).Hash),
            iter: 100 * PropertyCases.Sequences);

    [Fact]
    public void Two_lists_of_texts_have_the_same_hash_only_if_they_are_the_same() =>
        Gen.Select(Word.Array[0, 4], Word.Array[0, 4]).Sample(
            (left, right) => left.SequenceEqual(right) == (TextHash.Of(left) == TextHash.Of(right)),
            iter: 100 * PropertyCases.Sequences);

    [Fact]
    public void The_order_of_the_components_does_not_count() =>
        Components.Sample(components => Fingerprint.Of(components).Hash == Fingerprint.Of(components.Reverse()).Hash, iter: PropertyCases.Sequences);

    [Fact]
    public void The_hash_is_what_it_was_in_other_releases()
    {
        // Another value would make every recorded step run again: is that meant? Made with Python: SHA-256 over "kinetra-fingerprint 2", then label and hash of each, and the text
        // where the hash is empty, each in UTF-16LE after its length in bytes as 32 bits.
        Fingerprint print = Fingerprint.Of([Component.Plain("step", "ä"), new Component("salt", "00", null), new Component("command", "ff", "echo ä")]);
        Assert.Equal("35ad7561167d23c55b15fb744ee9680e0b5d5469c3de2b33a632ddc351f756be", print.Hash);
    }

    [Fact]
    public void What_was_written_is_read() =>
        Gen.Select(Gen.String, Gen.String, Gen.String.Null()).Select((label, hash, text) => new Component(WellFormed(label), WellFormed(hash), text is null ? null : WellFormed(text))).Array[0, 5].Sample(
            components =>
            {
                Fingerprint print = Fingerprint.Of(components);
                Fingerprint read = Read(Json(print))!;
                Assert.Equal(print, read);
                Assert.Equal(print.Hash, read.Hash);
                Assert.Equal(print.Components, read.Components);
                Assert.Null(FingerprintDiff.Describe(print, read));
                Assert.Equal(Json(print), Json(read));
            },
            iter: PropertyCases.Sequences);

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"hash":"x"}""")]
    [InlineData("""{"hash":"x","components":null}""")]
    [InlineData("""{"hash":null,"components":[]}""")]
    public void What_is_no_fingerprint_is_none(string json) => Assert.Null(Read(json));

    [Theory]
    [InlineData("""{"hash":"x","components":[1]}""")]
    [InlineData("""{"hash":"x","components":[["salt"]]}""")]
    [InlineData("""{"hash":"x","components":[["salt",null]]}""")]
    [InlineData("""{"hash":"x","components":[["salt","a",1]]}""")]
    [InlineData("""{"hash":"x","components":[["salt","a"]]}""")]
    [InlineData("""{"hash":"x","components":[["salt","\ud800"]]}""")]
    public void What_another_release_made_of_a_step_is_another_fingerprint_without_components(string json)
    {
        Fingerprint read = Read(json)!;
        Assert.Empty(read.Components);
        Assert.Equal("what it was made of was recorded in a way that this release does not know", FingerprintDiff.Describe(read, Fingerprint.Of([new Component("salt", "a", null)])));
        Assert.Equal(json, Json(read));
    }

    [Theory]
    [InlineData("""{"hash":"x","components":[}""")]
    [InlineData("""{"hash":"x","components":[["a" "b"]]}""")]
    [InlineData("""{"hash":"x",}""")]
    [InlineData("")]
    public void What_is_no_JSON_is_refused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void A_component_that_was_changed_in_the_record_is_found_out()
    {
        string json = Json(Fingerprint.Of([new Component("salt", TextHash.Of("1"), "1"), new Component("step", TextHash.Of("a"), "a")]));
        Assert.Equal(2, Read(json)!.Components.Count);
        Assert.Empty(Read(json.Replace("\"step\"", "\"stop\"", StringComparison.Ordinal))!.Components);
        Assert.Empty(Read(json.Replace(TextHash.Of("1"), TextHash.Of("2"), StringComparison.Ordinal))!.Components);
        string plain = Json(Fingerprint.Of([Component.Plain("salt", "1234")]));
        Assert.Single(Read(plain)!.Components);
        Assert.Empty(Read(plain.Replace("1234", "4321", StringComparison.Ordinal))!.Components);
    }

    private static Fingerprint? Read(string json)
    {
        JsonScanner scanner = new(Encoding.UTF8.GetBytes(json));
        return Fingerprint.Read(ref scanner);
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Canonical(Component[] components) =>
        JsonSerializer.Serialize(components.Select(component => JsonSerializer.Serialize(new[] { component.Label, component.Hash, component.Text })).Order(StringComparer.Ordinal));

    private static string Json(Fingerprint print)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            print.Write(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
