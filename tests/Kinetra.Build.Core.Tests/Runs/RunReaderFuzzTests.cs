using CsCheck;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Tests.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

/// <summary>
/// Any bytes in the place of what a run keeps: the state or a coded error. <c>KINETRA_FUZZ_CASES</c> sets the number of cases;
/// <c>CsCheck_Seed</c> repeats a failure.
/// </summary>
public sealed class RunReaderFuzzTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_bytes_are_a_run_or_a_coded_error(bool isSealed)
    {
        RecordedScene.Run(_project);
        string id = RecordedScene.Run(_project, _project.Settings() with { Resume = true }).Id;
        FilePath file = RecordedScene.JournalOf(_project, id);
        byte[] whole = File.ReadAllBytes(file.Full);

        // Of a journal hardly a change gets past the checksums. So its records are changed too, and the journal made of them is sound.
        byte[] valid = isSealed ? [.. Journal.Parse(file, RunJournal.Kind, whole).Records.SelectMany(record => (byte[])[.. record.Span, (byte)'\n'])] : whole;
        int read = 0;
        DamagedBytes.Of(valid, DamagedBytes.RunWords).Sample(
            bytes =>
            {
                try
                {
                    RecordedScene.Read(file, id, isSealed ? DamagedBytes.Seal(bytes, RunJournal.Kind) : bytes);
                    Interlocked.Increment(ref read);
                }
                catch (KinetraException error)
                {
                    Assert.Equal(DiagnosticCodes.CorruptState, error.Code);
                    Assert.Contains(file.Display, error.Message);
                }
            },
            iter: PropertyCases.Fuzz,
            print: DamagedBytes.Print);

        // Both ways are taken.
        Assert.InRange(read, 1, PropertyCases.Fuzz - 1);
    }

    [Fact]
    public void Any_bytes_in_a_lock_file_are_a_holder_or_none()
    {
        byte[] valid = new RunHolder(true, 4711, "host", DateTimeOffset.FromUnixTimeMilliseconds(1795409701500), "a build", "20261123_045501", 7).Format();
        int read = 0;
        DamagedBytes.Of(valid, DamagedBytes.LockWords).Sample(
            bytes =>
            {
                if (RunHolder.Parse(bytes) is { } holder)
                {
                    Interlocked.Increment(ref read);
                    Assert.True(holder.RunId is null || RunId.IsValid(holder.RunId));
                    Assert.Equal(holder, RunHolder.Parse(holder.Format()));
                }
            },
            iter: PropertyCases.Fuzz,
            print: DamagedBytes.Print);
        Assert.InRange(read, 1, PropertyCases.Fuzz - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_bytes_in_the_cache_of_digests_are_digests_or_nothing(bool isSealed)
    {
        FilePath file = _project.Write("x.digests", "");
        DigestRecord[] records = [.. Enumerable.Range(1, 3).Select(number => new DigestRecord(new FileId(1, (ulong)number, "ü"), 1, 2, -3, TestProject.Sha256($"{number}")))];
        byte[] lines = [.. records.SelectMany(record => (byte[])[.. record.Format(), (byte)'\n'])];
        byte[] valid = isSealed ? lines : DamagedBytes.Seal(lines, "kinetra-digests 1");
        int read = 0;
        DamagedBytes.Of(valid, DamagedBytes.DigestWords).Sample(
            bytes =>
            {
                File.WriteAllBytes(file.Full, isSealed ? DamagedBytes.Seal(bytes, "kinetra-digests 1") : bytes);
                using DigestFile digests = new(file);
                List<DigestRecord> found = digests.Read();
                Assert.All(found, record => Assert.Equal(64, record.Sha256.Length));
                read += found.Count > 0 ? 1 : 0;

                // Whatever was there, what is added is found.
                digests.Append(records[0]);
                digests.Dispose();
                using DigestFile again = new(file);
                Assert.Equal(records[0], again.Read()[^1]);
            },
            iter: PropertyCases.FileFuzz,
            threads: 1,
            print: DamagedBytes.Print);
        Assert.InRange(read, 1, PropertyCases.FileFuzz - 1);
    }
}
