using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tests.Publishing;

/// <summary>Runs to be published.</summary>
internal static class PublishedRuns
{
    /// <summary>What would break any form that it is put into as it is.</summary>
    public const string Nasty = "a\u0000\u0001\u001b[31m]]>&<script>\"'|[x](y)`*_#$%;:,::error::\r\n\tü😀\ud800\uffff --> \u2028 ##vso[x]y";

    /// <summary>A step that succeeded in a second.</summary>
    public static PublishedStep Step(string name, StepStatus status = StepStatus.Completed, string? error = null, int occurrence = 1, bool critical = true)
    {
        bool wasRun = status is not (StepStatus.Skipped or StepStatus.Cached);
        return new(name, occurrence, status, wasRun, critical, wasRun ? TimeSpan.FromSeconds(1.0625) : TimeSpan.Zero, wasRun ? 1 : 0, $"why {name}", error, $"logs/workflow/x/{name}.1.log");
    }

    /// <summary>A run of some steps.</summary>
    public static PublishedRun Run(RunStatus status, params PublishedStep[] steps) =>
        new("master", "20261123_045501", status, new DateTimeOffset(2026, 11, 23, 4, 55, 1, TimeSpan.Zero), TimeSpan.FromSeconds(12.345678), null, null, steps);

    /// <summary>A run with a step of each kind, and nasty texts everywhere.</summary>
    public static PublishedRun OfEverything() => Run(
        RunStatus.Failed,
        Step("good"),
        Step("good", occurrence: 2),
        Step("bad", StepStatus.Failed, "Step \"bad\" failed after 1 of 1 attempts: exit code 3. Last output:\n  | no such table\nLog: logs/workflow/x/bad.1.log"),
        Step("optional", StepStatus.Failed, "Step \"optional\" failed.", critical: false),
        Step("stopped", StepStatus.Interrupted, "Step \"stopped\" was interrupted."),
        Step("left out", StepStatus.Skipped),
        Step("known", StepStatus.Cached),
        Step(Nasty, StepStatus.Failed, Nasty)) with { ContinuesId = "20261122_045501" };
}
