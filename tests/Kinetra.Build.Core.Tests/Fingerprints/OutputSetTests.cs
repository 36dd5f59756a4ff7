using System.Text;
using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class OutputSetTests : IDisposable
{
    private readonly StepScene _scene = new();
    private readonly DigestCache _digests = new(null, TimeProvider.System);

    public void Dispose()
    {
        _digests.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void Declared_outputs_that_are_not_there_are_told_as_written()
    {
        _scene.Write("out/a", "");
        Assert.Equal(["./none", "out/b/"], OutputSet.Missing(_scene.Step with { Outputs = ["out", "./none", "out/a", "out/b/", "none*"] }));
        Assert.Empty(OutputSet.Missing(_scene.Step with { Outputs = [] }));
    }

    [Fact]
    public void Outputs_that_are_as_they_were_verify()
    {
        _scene.Write("out/a", "1");
        _scene.Write("out/b/c", "2");
        IReadOnlyList<OutputDigest> outputs = Compute("out");
        Assert.Equal([new OutputDigest("out/a", TestProject.Sha256("1")), new OutputDigest("out/b/c", TestProject.Sha256("2"))], outputs);
        _scene.Write("out/new", "3");
        File.SetLastWriteTimeUtc(_scene.Project.Folder["out/a"], DateTime.UnixEpoch);
        Assert.Empty(Verify(outputs));
    }

    [Fact]
    public void Outputs_that_changed_or_are_gone_do_not_verify()
    {
        _scene.Write("out/a", "1");
        _scene.Write("out/b", "2");
        _scene.Write("out/c", "3");
        IReadOnlyList<OutputDigest> outputs = Compute("out/*");
        _scene.Write("out/a", "9");
        _scene.Remove("out/b");
        Assert.Equal(["output out/a changed", "output out/b is gone"], Verify(outputs).Select(change => change.ToString()));
        Assert.Equal([outputs[0], outputs[1]], Verify(outputs).Select(change => change.Output));
        _scene.Remove("out/c");
        Directory.CreateDirectory(_scene.Project.Folder["out/c"]);
        Assert.Equal([false, true, true], Verify(outputs).Select(change => change.IsGone));
    }

    [Fact]
    public void What_was_written_is_read()
    {
        _scene.Write("out/a", "1");
        _scene.Write("out/ä \"b\"", "2");
        IReadOnlyList<OutputDigest> outputs = Compute("out");
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            OutputSet.Write(json, outputs);
        }

        Assert.Equal(outputs, Read(buffer.ToArray()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":null}""")]
    public void What_are_no_outputs_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Read(Encoding.UTF8.GetBytes(json)));

    private static IReadOnlyList<OutputDigest> Read(byte[] json)
    {
        JsonScanner scanner = new(json);
        return OutputSet.Read(ref scanner);
    }

    private IReadOnlyList<OutputDigest> Compute(params string[] patterns) => OutputSet.Compute(_scene.Step with { Outputs = patterns }, _digests);

    private IReadOnlyList<OutputChange> Verify(IReadOnlyList<OutputDigest> outputs) => OutputSet.Verify(outputs, _scene.Project.Folder.Root, _digests);
}
