using Kinetra.Build.Core.Checksums;
using Xunit;

namespace Kinetra.Build.Core.Tests.Checksums;

public sealed class ChecksumRecordTests
{
    private static readonly string A = TestProject.Sha256("a");
    private static readonly string B = TestProject.Sha256("b");

    [Fact]
    public void Both_contents_are_accepted_and_no_other()
    {
        ChecksumRecord record = new(A, B);
        Assert.True(record.Accepts(A));
        Assert.True(record.Accepts(B));
        Assert.False(record.Accepts(TestProject.Sha256("c")));
    }
}
