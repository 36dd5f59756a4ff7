using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class FingerprintKeyTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    private FilePath State => _project.Path(TestProject.State);

    private string KeyFile => Path.Combine(State.Full, FingerprintKey.FileName);

    [Fact]
    public void It_is_made_once_random_and_private()
    {
        string first = Hash();
        byte[] key = File.ReadAllBytes(KeyFile);
        Assert.Equal(32, key.Length);
        Assert.Equal(first, Hash());
        Assert.Equal(key, File.ReadAllBytes(KeyFile));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixMode.Private, File.GetUnixFileMode(KeyFile));
        }

        File.Delete(KeyFile);
        Assert.NotEqual(first, Hash());
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void All_who_make_it_at_once_have_the_same()
    {
        string[] hashes = new string[8];
        Concurrently.Run(hashes.Length, i => hashes[i] = Hash());
        Assert.Single(hashes.Distinct());
        Assert.Equal(hashes[0], Hash());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_damaged_one_is_an_error_and_left_alone(int length)
    {
        Hash();
        File.WriteAllBytes(KeyFile, new byte[length]);
        KinetraException error = _project.Fails(DiagnosticCodes.CorruptState, () => Hash());
        Assert.Contains(FingerprintKey.FileName, error.Message);
        Assert.Equal(length, new FileInfo(KeyFile).Length);
    }

    private string Hash() => FingerprintKey.In(State).Hash("data"u8);
}
