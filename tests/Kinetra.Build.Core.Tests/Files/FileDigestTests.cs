using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class FileDigestTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void The_digest_is_that_of_the_standard(string content, string digest) =>
        Assert.Equal(digest, FileDigest.Compute(_project.Write("a", content)));

    [Fact]
    public void A_file_larger_than_the_buffer_is_read_whole()
    {
        byte[] content = new byte[(3 * 256 * 1024) + 1];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_project.Folder["a"], content);
        using MemoryStream copy = new();
        (string sha256, long size) = Read(_project.Path("a"), copy);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), sha256);
        Assert.Equal(content.Length, size);
        Assert.Equal(content, copy.ToArray());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("no/such/directory")]
    public void A_missing_file_is_an_error(string path) =>
        _project.Fails(DiagnosticCodes.FileMissing, () => FileDigest.Compute(_project.Path(path)));

    [Fact]
    public void A_directory_is_an_error() =>
        _project.Fails(DiagnosticCodes.UnusablePath, () => FileDigest.Compute(new FilePath(_project.Folder.Root, ".")));

    [Fact]
    public void A_device_is_an_error_instead_of_an_endless_read()
    {
        Platform.RequireLinux();
        _project.Fails(DiagnosticCodes.UnusablePath, () => FileDigest.Compute(_project.Path("/dev/zero")));
    }

    [Fact]
    public void A_file_that_cannot_be_read_consistently_is_an_error()
    {
        // Its size is reported as 0 though it has content.
        Platform.RequireLinux();
        _project.Fails(DiagnosticCodes.FileUnreadable, () => FileDigest.Compute(_project.Path("/proc/self/status")));
    }

    [Fact]
    public void A_copy_is_of_one_single_version_of_a_file_that_changes()
    {
        // The copy's first write changes the source, so that the first reading is void and the second one counts.
        FilePath source = _project.Write("a", "first");
        using ChangingCopy copy = new(() => _project.Write("a", "second version"));
        (string sha256, long size) = Read(source, copy);
        Assert.Equal(TestProject.Sha256("second version"), sha256);
        Assert.Equal(14, size);
        Assert.Equal("second version"u8.ToArray(), copy.ToArray());
    }

    [Fact]
    public void A_file_that_never_stops_changing_is_an_error()
    {
        FilePath source = _project.Write("a", "1");
        DateTime modified = File.GetLastWriteTimeUtc(source.Full);
        using ChangingCopy copy = new(() => File.SetLastWriteTimeUtc(source.Full, modified = modified.AddSeconds(1)), always: true);
        _project.Fails(DiagnosticCodes.FileUnreadable, () => Read(source, copy));
    }

    [Fact]
    public void A_file_that_grows_as_fast_as_it_is_read_is_an_error()
    {
        FilePath source = _project.Write("a", "1");
        int reads = 0;
        using ChangingCopy copy = new(() => File.AppendAllText(++reads < 1000 ? source.Full : throw new TimeoutException(), "x"), always: true);
        _project.Fails(DiagnosticCodes.FileUnreadable, () => Read(source, copy));
    }

    private static (string Sha256, long Size) Read(FilePath source, MemoryStream copy)
    {
        StableFile.Read(source, (file, status) =>
        {
            copy.SetLength(0);
            byte[] content = new byte[status.Size];
            copy.Write(content, 0, RandomAccess.Read(file, content, 0));
            return true;
        });
        return (Convert.ToHexStringLower(SHA256.HashData(copy.ToArray())), copy.Length);
    }

    private sealed class ChangingCopy(Action change, bool always = false) : MemoryStream
    {
        private bool _changed;

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            if (always || !_changed)
            {
                _changed = true;
                change();
            }
        }
    }
}
