using System.Text;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Runs;

/// <summary>Prints logs as they are; on a terminal without escape sequences.</summary>
/// <param name="to">Where to.</param>
/// <param name="isClean">Whether escape sequences and control characters are left out.</param>
internal sealed class LogPrinter(TextWriter to, bool isClean)
{
    /// <summary>Between two looks at whether a log has ended: each reads the run again.</summary>
    public static readonly TimeSpan PauseBetweenLooks = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Prints a log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="hasEnded">Whether nothing will be added any more, to go on until then; null to print what there is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public void Print(FilePath log, Func<bool>? hasEnded, CancellationToken cancellation)
    {
        try
        {
            using FileStream file = new(log.Full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false);
            StringBuilder line = new();
            long nextLook = 0;
            while (true)
            {
                // Looked at before the rest is read, so that nothing is missed between the two.
                bool looks = Environment.TickCount64 >= nextLook;
                bool ended = hasEnded is null || (looks && hasEnded());
                nextLook = looks ? Environment.TickCount64 + (long)PauseBetweenLooks.TotalMilliseconds : nextLook;
                Drain(reader, line);
                to.Flush();
                if (ended)
                {
                    Write(line);
                    to.Flush();
                    return;
                }

                if (cancellation.WaitHandle.WaitOne(Pause))
                {
                    throw new OperationCanceledException(cancellation);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{log} cannot be read: {error.Message}", error);
        }
    }

    private void Drain(StreamReader reader, StringBuilder line)
    {
        Span<char> buffer = stackalloc char[4096];
        for (int count = reader.Read(buffer); count > 0; count = reader.Read(buffer))
        {
            if (!isClean)
            {
                to.Write(buffer[..count]);
                continue;
            }

            foreach (char c in buffer[..count])
            {
                if (c == '\n')
                {
                    Write(line);
                    to.Write('\n');
                }
                else
                {
                    line.Append(c);
                }
            }
        }
    }

    // What a carriage return has overwritten nobody would have seen.
    private void Write(StringBuilder line)
    {
        if (line.Length > 0)
        {
            string text = line.ToString().TrimEnd('\r');
            to.Write(SafeText.Line(text[(text.LastIndexOf('\r') + 1)..]));
            line.Clear();
        }
    }
}
