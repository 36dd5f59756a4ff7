using System.Text;
using CsCheck;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>
/// Any bytes at all, given to the readers without a file in between: a value or a coded error.
/// <c>KINETRA_FUZZ_CASES</c> sets the number of cases; <c>CsCheck_Seed</c> repeats a failure.
/// </summary>
public sealed class ReaderFuzzTests
{
    private static readonly FilePath Place = new("/p/manifest.journal", "manifest.journal");

    [Fact]
    public void Any_bytes_are_a_checksum_record_or_none()
    {
        byte[] valid = RecordedDigest.Create("a", TestProject.Sha256("1"), 1, TestProject.NewKey()).Format();
        DamagedBytes.Of(valid, DamagedBytes.RecordWords).Sample(
            bytes =>
            {
                if (RecordedDigest.Parse(bytes) is { } record)
                {
                    Assert.True(Sha256Text.IsValid(record.Sha256));
                    Assert.Equal(record.Size is null, record.Signature is null);
                }
            },
            iter: PropertyCases.Fuzz,
            print: DamagedBytes.Print);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_bytes_are_a_manifest_or_a_coded_error(bool isSealed)
    {
        byte[] records = [.. Enumerable.Range(1, 3).SelectMany(Add), .. "{\"remove\":[1]}\n"u8];
        byte[] valid = isSealed ? records : DamagedBytes.Seal(records);
        int read = 0;
        DamagedBytes.Of(valid, DamagedBytes.ManifestWords).Sample(
            bytes =>
            {
                try
                {
                    BackupManifest manifest = BackupManifest.Parse(Place, isSealed ? DamagedBytes.Seal(bytes) : bytes);
                    Assert.All(manifest.Records, record => Assert.True(record.IsSound));
                    Interlocked.Increment(ref read);
                }
                catch (KinetraException error)
                {
                    Assert.Equal(DiagnosticCodes.CorruptManifest, error.Code);
                }
            },
            iter: PropertyCases.Fuzz,
            print: DamagedBytes.Print);

        // Both ways are taken.
        Assert.InRange(read, 1, PropertyCases.Fuzz - 1);
    }

    private static byte[] Add(int sequence) => Encoding.UTF8.GetBytes(
        $$"""{"add":{"sequence":{{sequence}},"file":"a.txt","backup":"a.txt.2026112{{sequence}}_045501.bak","sha256":"{{TestProject.Sha256("1")}}","size":1,"timestamp":"2026-11-2{{sequence}}T04:55:01+00:00","mode":"0600"} }""" + "\n");
}
