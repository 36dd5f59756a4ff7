using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Runs;
using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;

namespace Kinetra.Build.Tool.Comparing;

/// <summary>A run as a binlog tells it: the summary that the build has printed, and the state, if that is embedded.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Lines">The summary, line by line.</param>
internal sealed partial record BinlogRun(string Workflow, string Id, string Status, IReadOnlyList<string> Lines)
{
    /// <summary>Its state; null if the binlog does not have it, as that of a run of single targets.</summary>
    public RunFacts? State { get; private init; }

    // The build prints it behind the summary.
    private string? Hint { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Duration => State is not null ? State.Duration : Lines.Select(line => Total().Match(line)).FirstOrDefault(match => match.Success) is { } total ? Seconds(total) : null;

    /// <summary>All steps, if there is the state; else those of the summary: of one name they are one, with their average, and of a large run it has the longest ones.</summary>
    public IReadOnlyList<ComparedStep> Steps => State?.Steps.Select(ComparedStep.Of).ToArray() ??
    [
        .. Lines.Select(line => Row().Match(line)).Where(match => match.Success).Select(match =>
        {
            string status = match.Groups["status"].Value;
            bool isRun = status is not ("skipped" or "cached") && !status.EndsWith(" before", StringComparison.Ordinal);
            return new ComparedStep(match.Groups["name"].Value.TrimEnd(), status, isRun ? Seconds(match) : null, isRun ? int.Parse(match.Groups["retries"].Value, CultureInfo.InvariantCulture) + 1 : 0);
        }),
    ];

    /// <summary>The runs in a binlog, in the order in which they ended.</summary>
    /// <param name="file">The binlog.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoSummaryInBinlog"/>.</exception>
    public static IReadOnlyList<BinlogRun> Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new KinetraException(DiagnosticCodes.NoSummaryInBinlog, $"The binlog {file} does not exist. dotnet build -bl writes one, msbuild.binlog.");
        }

        List<BinlogRun> runs = [];
        List<RunFacts> states = [];
        List<string>? lines = null;
        Match? head = null;
        try
        {
            BinLogReader reader = new();
            reader.OnBlobRead += (kind, content) => states.AddRange(kind == BinaryLogRecordKind.ProjectImportArchive ? EmbeddedState.In(content) : []);
            foreach (var record in reader.ReadRecords(file))
            {
                if (record.Args is not BuildMessageEventArgs { Message: { } text })
                {
                    continue;
                }

                // Messages of a summary follow each other; those of other projects may come in between.
                if (Head().Match(text) is { Success: true } found)
                {
                    (head, lines) = (found, [text]);
                }
                else if (lines is not null && (IsOfSummary(text) || Total().IsMatch(text)))
                {
                    lines.Add(text);
                    if (Total().IsMatch(text))
                    {
                        runs.Add(new BinlogRun(head!.Groups["workflow"].Value, head.Groups["id"].Value, head.Groups["status"].Value, lines));
                        lines = null;
                    }
                }
                else if (runs is [.., { Status: not "completed", Hint: null } last] && text.StartsWith(ResumeHint.Beginning, StringComparison.Ordinal))
                {
                    runs[^1] = last with { Hint = text };
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or FormatException or ArgumentException or OverflowException)
        {
            throw new KinetraException(DiagnosticCodes.NoSummaryInBinlog, $"{file} cannot be read as a binlog: {error.Message}", error);
        }

        return runs.Count > 0
            ? [.. runs.Select(run => run with { State = StateOf(run, states) })]
            : throw new KinetraException(DiagnosticCodes.NoSummaryInBinlog, $"{file} has no summary of a workflow: no run of one ended while it was written.");
    }

    // Two projects may have runs of one name and id in one build; whose the state is cannot be told then.
    private static RunFacts? StateOf(BinlogRun run, List<RunFacts> states) =>
        states.FindAll(state => state.Workflow == run.Workflow && state.Id == run.Id && state.Status.Word() == run.Status) is [var only] ? only with { ResumeHint = run.Hint } : null;

    private static bool IsOfSummary(string text) =>
        text.StartsWith("  ", StringComparison.Ordinal) || text is "Performance Insights:"
        || text.StartsWith("Critical path: ", StringComparison.Ordinal) || text.StartsWith("Running in parallel saved ", StringComparison.Ordinal)
        || text.StartsWith("Steps: ", StringComparison.Ordinal) || text.StartsWith("Reason: ", StringComparison.Ordinal);

    private static TimeSpan Seconds(Match match) => TimeSpan.FromSeconds(double.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^Workflow (?<workflow>.+) \((?<id>\d{8}_\d{6}(-\d{3,})?)\): (?<status>completed|failed|interrupted)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^Total Duration: (?<seconds>\d+\.\d+)s$")]
    private static partial Regex Total();

    // Core/Runs/Summary.cs writes it.
    [GeneratedRegex(@"^  (?<name>.*?) +(?<seconds>\d+\.\d+)s avg +\d+\.\d+s total  \( *\d+\.\d+%\)  (?<retries>\d+) retr(?:y|ies)  (?<status>[a-z, ]+?)(?: × \d+)?(?: · .*)?$")]
    private static partial Regex Row();
}
