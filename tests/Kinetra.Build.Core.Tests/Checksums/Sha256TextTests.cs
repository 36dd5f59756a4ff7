using Kinetra.Build.Core.Checksums;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

public sealed class Sha256TextTests
{
    private const string Digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Theory]
    [InlineData(Digest)]
    [InlineData(" BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD\n")]
    [InlineData("sha256:" + Digest)]
    [InlineData("SHA256:" + Digest)]
    public void A_digest_is_read_in_either_case(string text) => Assert.Equal(Digest, Sha256Text.Parse("ExpectedChecksum", text));

    [Theory]
    [InlineData("")]
    [InlineData("ba7816")]
    [InlineData(Digest + "0")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("md5:" + Digest)]
    public void Anything_else_is_an_error_that_names_parameter_and_value(string text)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Sha256Text.Parse("ExpectedChecksum", text));
        Assert.Equal(DiagnosticCodes.InvalidChecksum, error.Code);
        Assert.Contains("ExpectedChecksum", error.Message);
        Assert.Contains($"\"{text}\"", error.Message);
    }

    [Fact]
    public void Digests_are_compared_without_regard_to_case()
    {
        Assert.True(Sha256Text.AreEqual(Digest.ToUpperInvariant(), Digest));
        Assert.False(Sha256Text.AreEqual(Digest[..^1] + "e", Digest));
        Assert.False(Sha256Text.AreEqual(null, Digest));
    }
}
