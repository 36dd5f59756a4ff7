using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

public sealed class ChecksumRecordTests
{
    private static readonly string A = TestProject.Sha256("a");
    private static readonly string B = TestProject.Sha256("b");
    private static readonly FilePath Source = new("/p/.workflow_state/x.checksum", ".workflow_state/x.checksum");

    public static TheoryData<string> Damages =>
    [
        "", "\n", A[..63], A + "0", A + "\n" + B, "pending " + A + "\n" + B, A + "\npending", A + "\npending " + B[..10],
        A + "\npending " + B + "\npending " + B, "PENDING " + A, A + " x.txt", "\0" + A, A + "\nrest",
    ];

    [Fact]
    public void The_seeds_bare_digest_is_read() => Assert.Equal(new ChecksumRecord(A, null), ChecksumRecord.Parse(Source, A));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void A_line_end_behind_it_does_not_matter(string end) => Assert.Equal(new ChecksumRecord(A, null), ChecksumRecord.Parse(Source, A + end));

    [Fact]
    public void Upper_case_is_accepted() => Assert.True(ChecksumRecord.Parse(Source, A.ToUpperInvariant()).Accepts(A));

    [Fact]
    public void A_write_under_way_is_read() => Assert.Equal(new ChecksumRecord(A, B), ChecksumRecord.Parse(Source, A + "\npending " + B + "\n"));

    [Fact]
    public void A_first_write_under_way_is_read() => Assert.Equal(new ChecksumRecord(null, B), ChecksumRecord.Parse(Source, "pending " + B));

    [Fact]
    public void What_is_kept_is_read_back()
    {
        foreach (ChecksumRecord record in new[] { new ChecksumRecord(A, null), new(A, B), new(null, B) })
        {
            Assert.Equal(record, ChecksumRecord.Parse(Source, record.Format()));
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_is_an_error_that_names_the_record(string text)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => ChecksumRecord.Parse(Source, text));
        Assert.Equal(DiagnosticCodes.CorruptChecksum, error.Code);
        Assert.Contains(Source.Display, error.Message);
    }

    [Fact]
    public void Both_contents_are_accepted_and_no_other()
    {
        ChecksumRecord record = new(A, B);
        Assert.True(record.Accepts(A));
        Assert.True(record.Accepts(B));
        Assert.False(record.Accepts(TestProject.Sha256("c")));
    }
}
