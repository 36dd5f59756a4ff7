using System.Globalization;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Tool.Output;
using Spectre.Console;

namespace Kinetra.Build.Tool.Comparing;

/// <summary>The difference between two runs.</summary>
/// <param name="A">The first one.</param>
/// <param name="B">The second one.</param>
internal sealed record Comparison(ComparedRun A, ComparedRun B)
{
    // Below this a difference is noise: programs differ by as much from run to run.
    private static readonly TimeSpan Notable = TimeSpan.FromMilliseconds(50);
    private const double NotableShare = 0.1;

    /// <summary>The steps of both, in the order of the second run, those that only the first one has at the end; null where one lacks the step.</summary>
    public IReadOnlyList<(string Name, ComparedStep? A, ComparedStep? B)> Steps { get; } = Join(A, B);

    /// <summary>Whether the runs, or two steps, have another status, or one run has a step that the other lacks. Times do not count.</summary>
    public bool IsDifferent => A.Status != B.Status || Steps.Any(step => step.A is null || step.B is null || step.A.Status != step.B.Status);

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["a"] = ToJson(A),
        ["b"] = ToJson(B),
        ["different"] = IsDifferent,
        ["steps"] = JsonOutput.Array(Steps.Select(step => new JsonObject
        {
            ["name"] = step.Name,
            ["a"] = step.A?.ToJson(),
            ["b"] = step.B?.ToJson(),
            ["changed"] = Changed(step.A, step.B),
            ["duration_difference"] = step.A?.Duration is { } a && step.B?.Duration is { } b ? (b - a).TotalSeconds : null,
        })),
    };

    /// <summary>Prints it.</summary>
    public void Print()
    {
        Table table = Screen.Table("step", A.Label, "time>", B.Label, "time>", "difference");
        table.AddRow(Screen.Cell("(the run)"), Screen.Cell(A.Status), Screen.Cell(Time(A.Duration)), Screen.Cell(B.Status), Screen.Cell(Time(B.Duration)), Screen.Cell(Difference(A.Duration, B.Duration)));
        foreach ((string name, ComparedStep? a, ComparedStep? b) in Steps)
        {
            bool isOther = a?.Status != b?.Status;
            List<string> differences = [];
            if (a is null || b is null)
            {
                differences.Add(a is null ? "new" : "gone");
            }
            else if (a.Attempts != b.Attempts && a.Attempts > 0 && b.Attempts > 0)
            {
                differences.Add($"{a.Attempts} → {b.Attempts} attempts");
            }

            if (Difference(a?.Duration, b?.Duration) is { Length: > 0 } time)
            {
                differences.Add(time);
            }

            if (Changed(a, b) is { } changed)
            {
                differences.Add(changed);
            }

            Style style = isOther ? new Style(Color.Yellow) : Style.Plain;
            table.AddRow(Screen.Cell(name), Screen.Cell(a?.Status ?? "", style), Screen.Cell(Time(a?.Duration)), Screen.Cell(b?.Status ?? "", style), Screen.Cell(Time(b?.Duration)), Screen.Cell(string.Join(", ", differences)));
        }

        Screen.Out.Write(table);
    }

    private static List<(string, ComparedStep?, ComparedStep?)> Join(ComparedRun a, ComparedRun b)
    {
        Dictionary<string, ComparedStep> first = a.Steps.DistinctBy(step => step.Name).ToDictionary(step => step.Name);
        HashSet<string> second = [.. b.Steps.Select(step => step.Name)];
        return
        [
            .. b.Steps.Select(step => (step.Name, first.GetValueOrDefault(step.Name), (ComparedStep?)step)),
            .. a.Steps.Where(step => !second.Contains(step.Name)).Select(step => (step.Name, (ComparedStep?)step, (ComparedStep?)null)),
        ];
    }

    // Secrets are in fingerprints as keyed hashes only.
    private static string? Changed(ComparedStep? a, ComparedStep? b) =>
        a?.Fingerprint is { } then && b?.Fingerprint is { } now ? FingerprintDiff.Describe(then, now) : null;

    private static string Time(TimeSpan? duration) => duration is { } known ? Duration.Format(known) : "";

    private static string Difference(TimeSpan? a, TimeSpan? b)
    {
        if (a is not { } first || b is not { } second || (second - first).Duration() < Notable || (second - first).Duration() < first * NotableShare)
        {
            return "";
        }

        TimeSpan difference = second - first;
        string share = first > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" ({100 * (difference / first):+0;-0} %)") : "";
        return $"{(difference > TimeSpan.Zero ? "+" : "-")}{Duration.Format(difference.Duration())}{share}";
    }

    private static JsonObject ToJson(ComparedRun run) => new() { ["label"] = run.Label, ["status"] = run.Status, ["duration"] = JsonOutput.Seconds(run.Duration) };
}
