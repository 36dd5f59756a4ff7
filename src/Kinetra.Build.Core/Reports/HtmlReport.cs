using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>
/// Writes the report of a run: one HTML file that needs nothing else, <c>workflow_{workflow_id}.html</c> beside the run log. It holds a summary as
/// text, the run as JSON, and the scripts that draw it; what is in it, and the form of the JSON, is in docs/report.md.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report, atomically, but not durably: after a power cut it may be empty.</summary>
    /// <param name="source">What it is made of.</param>
    /// <returns>The file.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.ReportNotWritten"/>: a warning; the run is what it is.</exception>
    public static FilePath Write(ReportSource source)
    {
        FilePath file = source.Run.ReportFile;
        try
        {
            using AtomicFile content = AtomicFile.CreateVolatile(file);
            PartWriter page = new(content.Append);
            ReportPage.Write(page, source.Run, source.Graphs.Count > 0, data => ReportData.Write(data, source));
            page.Flush();
            content.Commit();
            return file;
        }
        catch (KinetraException error)
        {
            throw new KinetraException(DiagnosticCodes.ReportNotWritten, $"The report of run {source.Run.Id} is missing. {error.Message} The run itself is not affected. KinetraReport=false switches the report off.", error);
        }
    }
}
