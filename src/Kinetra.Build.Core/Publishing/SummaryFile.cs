using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Publishing;

/// <summary>Where a service takes the summary of a run from.</summary>
public static class SummaryFile
{
    /// <summary>GitHub shows nothing at all of a summary that is larger, those of other commands of the job's step included.</summary>
    public const int GitHubLimit = 1024 * 1024;

    // For another node of the build to have written.
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Adds a run to the file of GitHub Actions' <c>GITHUB_STEP_SUMMARY</c>, which others may have written to.</summary>
    /// <param name="file">The file.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.SummaryUnwritable"/>: a warning.</exception>
    public static void Append(FilePath file, PublishedRun run)
    {
        try
        {
            using FileStream stream = Open(file.Full);
            if (MarkdownSummary.Compose(run, GitHubLimit - stream.Length - 1) is not { } page)
            {
                throw new IOException($"it has {ByteSize.Format(stream.Length)} already, and GitHub shows no more than {ByteSize.Format(GitHubLimit)}");
            }

            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes("\n" + page));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(file, Errno.Describe(error), error);
        }
    }

    /// <summary>Writes a run to a file of its own.</summary>
    /// <param name="file">The file.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.SummaryUnwritable"/>: a warning.</exception>
    public static void Write(FilePath file, PublishedRun run)
    {
        try
        {
            AtomicFile.WriteVolatile(file, Encoding.UTF8.GetBytes(MarkdownSummary.Compose(run, GitHubLimit)!));
        }
        catch (KinetraException error)
        {
            throw Unwritable(file, error.Message, error);
        }
    }

    // Locked, as another node of the build may add to it at the same time.
    private static FileStream Open(string path)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (i < Tries && File.Exists(path))
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static KinetraException Unwritable(FilePath file, string why, Exception inner) =>
        new(DiagnosticCodes.SummaryUnwritable, $"The summary of the run for this CI service was not written to {file}: {why.TrimEnd('.')}. The run itself is not affected; KinetraCI=false switches it off.", inner);
}
