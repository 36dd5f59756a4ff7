using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Writes a file so that every reader sees the whole old or the whole new content, durably, with a backup of the old
/// content and a recorded checksum.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class AtomicWriteFile : KinetraTask
{
    private bool? _backup;
    private bool? _checksum;

    /// <summary>The file, relative to the project. A symbolic link stands for what it points to. Directories are created.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The text to write, as it is. Never a secret: a binlog records parameters. Exactly one of Content, Lines and Source is given.</summary>
    public string? Content { get; set; }

    /// <summary>The lines to write, each ended by a line feed.</summary>
    public string[]? Lines { get; set; }

    /// <summary>A file to copy the bytes of.</summary>
    public string? Source { get; set; }

    /// <summary>The encoding of Content and Lines: <c>utf-8</c> (default, no byte order mark), <c>utf-8-bom</c>, <c>utf-16</c>, <c>iso-8859-1</c> …</summary>
    public string Encoding { get; set; } = "utf-8";

    /// <summary>The file's mode in octal, such as <c>0600</c>. Default: the old file's mode, or what the umask gives a new one. Nothing on Windows.</summary>
    public string? UnixMode { get; set; }

    /// <summary>Leave a file that has the content (and mode) already alone, its time included. Default false.</summary>
    public bool OnlyIfChanged { get; set; }

    /// <summary>Back up the old content first; if that fails, nothing is written. Default: <c>KinetraEnableBackups</c>.</summary>
    public bool Backup { get => _backup ?? true; set => _backup = value; }

    /// <summary>Record the new content's checksum. Default: <c>KinetraEnableChecksums</c>.</summary>
    public bool Checksum { get => _checksum ?? true; set => _checksum = value; }

    /// <summary>Make git ignore the file before it is written, by a line in <c>.gitignore</c>. Default false: a warning if git does not ignore a credentials file.</summary>
    public bool GitIgnore { get; set; }

    /// <summary>The SHA-256 of the content, in lower-case hex.</summary>
    [Output]
    public string? Sha256 { get; private set; }

    /// <summary>The backup of the old content; empty if there was none.</summary>
    [Output]
    public string? BackupPath { get; private set; }

    /// <summary>Whether the file was written.</summary>
    [Output]
    public bool Changed { get; private set; }

    private protected override void Run()
    {
        FileContent content = ContentToWrite();
        UnixFileMode? mode = string.IsNullOrEmpty(UnixMode) ? null : Core.Files.UnixMode.Parse(nameof(UnixMode), UnixMode);
        WriteOptions options = new(_backup ?? Settings.EnableBackups, _checksum ?? Settings.EnableChecksums, OnlyIfChanged, mode);

        FilePath file = Resolve(File);
        if (GitIgnore)
        {
            Report(GitIgnoreGuard.Add(file));
        }

        WriteResult result = ProtectedFiles.Write(file, content, options);

        (Sha256, BackupPath, Changed) = (result.Sha256, result.Backup?.Path, result.Changed);
        string backup = result.Backup is null ? "" : $", backup {result.Backup.Path}";
        Note(result.Changed ? $"{File} written{backup}." : $"{File} has the content already.");
        if (!GitIgnore)
        {
            Report(GitIgnoreGuard.Check(file, mode));
        }

        Warn(result);
    }

    private void Warn(WriteResult result)
    {
        if (result.Backup?.Problem is { } problem)
        {
            Warning(problem);
        }

        WarnOfOtherNames(File, "written", result.OtherNames);
    }

    private FileContent ContentToWrite() => (Content, Lines, Source) switch
    {
        ({ } text, null, null) => FileContent.Text(text, Encoding),
        (null, { } lines, null) => FileContent.Text(string.Concat(lines.Select(line => line + "\n")), Encoding),
        (null, null, { } source) => FileContent.CopyOf(Resolve(source)),
        _ => throw new KinetraException(DiagnosticCodes.AmbiguousContent, $"{File}: exactly one of Content, Lines and Source must be given (an empty one counts as not given), but there {Given()}."),
    };

    private string Given()
    {
        string[] given =
        [
            .. new[] { (nameof(Content), Content is not null), (nameof(Lines), Lines is not null), (nameof(Source), Source is not null) }
                .Where(parameter => parameter.Item2)
                .Select(parameter => parameter.Item1),
        ];
        return given.Length == 0 ? "is none" : "are " + string.Join(" and ", given);
    }
}
