using System.Text;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

public sealed class RecordedDigestTests
{
    private static readonly string A = TestProject.Sha256("a");
    private static readonly string B = TestProject.Sha256("b");
    private static readonly SecretKey Key = TestProject.NewKey();

    public static TheoryData<string> Damages =>
    [
        "", "\n", A[..63], A + "0", A + "\n" + B, A + " x.txt", "\0" + A, A + "\nrest", A + "\nhmac-sha256", A + "\nhmac-sha256 1",
        A + "\nhmac-sha256 1 " + B[..63], A + "\nhmac-sha256 -1 " + B, A + "\nhmac-sha256 x " + B, A + "\nhmac-sha512 1 " + B,
        A + "\nhmac-sha256 1 " + B + "\n" + B, "hmac-sha256 1 " + B,
    ];

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void The_seeds_bare_digest_is_read_whatever_ends_the_line(string end) => Assert.Equal(A, Parse(A + end)!.Sha256);

    [Fact]
    public void Without_a_key_it_is_written_as_the_seed_did() => Assert.Equal(A + "\n", Text(RecordedDigest.Create("x", A, 1, null)));

    [Theory]
    [MemberData(nameof(Damages))]
    public void Anything_else_is_no_record(string text) => Assert.Null(Parse(text));

    [Fact]
    public void What_is_signed_is_read_back_and_recognized()
    {
        RecordedDigest record = Parse(Text(RecordedDigest.Create("x/y", A, 17, Key)))!;
        Assert.Equal((A, 17L), (record.Sha256, record.Size));
        Assert.True(record.IsSignedBy(Key, "x/y"));
    }

    [Fact]
    public void A_digest_in_upper_case_is_the_same_one()
    {
        string[] lines = Text(RecordedDigest.Create("x", A, 1, Key)).Split('\n');
        Assert.True(Parse($"{lines[0].ToUpperInvariant()}\n{lines[1]}")!.IsSignedBy(Key, "x"));
    }

    [Fact]
    public void Nothing_that_is_signed_can_be_exchanged()
    {
        RecordedDigest record = RecordedDigest.Create("x", A, 1, Key);
        Assert.False(record.IsSignedBy(Key, "y"));
        Assert.False((record with { Sha256 = B }).IsSignedBy(Key, "x"));
        Assert.False((record with { Size = 2 }).IsSignedBy(Key, "x"));
        Assert.False(record.IsSignedBy(TestProject.NewKey(), "x"));
        Assert.False(RecordedDigest.Create("x", A, 1, null).IsSignedBy(Key, "x"));
    }

    [Fact]
    public void The_parts_cannot_be_shifted_into_one_another() =>
        Assert.NotEqual(RecordedDigest.Create("x", A, 11, Key).Signature, RecordedDigest.Create("x1", A, 1, Key).Signature);

    private static RecordedDigest? Parse(string text) => RecordedDigest.Parse(Encoding.UTF8.GetBytes(text));

    private static string Text(RecordedDigest record) => Encoding.UTF8.GetString(record.Format());
}
