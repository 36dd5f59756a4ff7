using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class FileContentTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("utf-8", "4E C3 BC")]
    [InlineData(" UTF8 ", "4E C3 BC")]
    [InlineData("utf-8-bom", "EF BB BF 4E C3 BC")]
    [InlineData("utf-16", "FF FE 4E 00 FC 00")]
    [InlineData("iso-8859-1", "4E FC")]
    public void Text_is_written_in_the_encoding_asked_for(string encoding, string bytes)
    {
        byte[] written = Written(FileContent.Text("Nü", encoding));
        Assert.Equal(bytes, BitConverter.ToString(written).Replace('-', ' '));
    }

    [Fact]
    public void Line_ends_and_control_characters_stay_as_they_are()
    {
        const string Text = "a\r\nb\nc\r\td\u0001";
        Assert.Equal(Text, Encoding.UTF8.GetString(Written(FileContent.Text(Text, "utf-8"))));
    }

    [Theory]
    [InlineData("iso-8859-1", "1 €")]
    [InlineData("us-ascii", "ü")]
    [InlineData("klingon", "a")]
    [InlineData("utf-7", "a")]
    [InlineData("", "a")]
    public void A_character_without_a_code_or_an_unknown_encoding_is_an_error(string encoding, string text) =>
        _project.Fails(DiagnosticCodes.InvalidEncoding, () => FileContent.Text(text, encoding));

    [Fact]
    public void Half_a_character_has_no_code() =>
        _project.Fails(DiagnosticCodes.InvalidEncoding, () => FileContent.Text("\ud800", "utf-8"));

    [Fact]
    public void A_copy_has_the_bytes_of_its_source()
    {
        byte[] content = new byte[700_000];
        new Random(7).NextBytes(content);
        File.WriteAllBytes(_project.Folder["source"], content);
        Assert.Equal(content, Written(FileContent.CopyOf(_project.Path("source"))));
    }

    [Fact]
    public void A_missing_source_is_an_error_and_the_target_stays()
    {
        FilePath target = _project.Write("a.txt", "old");
        _project.Fails(DiagnosticCodes.SourceUnreadable, () => Write(target, FileContent.CopyOf(_project.Path("missing"))));
        Assert.Equal("old", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_directory_or_a_device_as_source_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder["directory"]);
        foreach (string source in OperatingSystem.IsWindows() ? ["directory"] : new[] { "directory", "/dev/zero" })
        {
            _project.Fails(DiagnosticCodes.SourceUnreadable, () => Write(_project.Path("a.txt"), FileContent.CopyOf(_project.Path(source))));
        }

        Assert.False(File.Exists(_project.Folder["a.txt"]));
    }

    private byte[] Written(FileContent content)
    {
        Write(_project.Path("out"), content);
        return File.ReadAllBytes(_project.Folder["out"]);
    }

    private void Write(FilePath target, FileContent content) =>
        _project.Files.Write(target, content, new WriteOptions(Backup: false, Checksum: false));
}
