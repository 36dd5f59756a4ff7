using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>What a step that failed, was interrupted, or is not to be relied on says.</summary>
internal static class StepFailure
{
    /// <summary>An attempt's end in words.</summary>
    public static string Describe(AttemptResult result) =>
        result.End == ProcessEnd.TimedOut ? "it took longer than its time-out and was ended" : result.Reason ?? ExitCode.Describe(result.ExitCode);

    /// <summary>The last attempt has failed.</summary>
    public static KinetraException Of(StepDefinition step, AttemptResult result, int attempts, StepDecision decision, WorkflowRun run)
    {
        string tried = attempts == step.Retry.MaxAttempts
            ? $"after {attempts} of {step.Retry.MaxAttempts} attempts"
            : $"on attempt {attempts} of {step.Retry.MaxAttempts}, and is not tried again";
        string code = result.End == ProcessEnd.TimedOut ? DiagnosticCodes.StepTimedOut : DiagnosticCodes.StepFailed;
        StepRecord? success = run.FindLastSuccess(decision.Identity.Step, decision.Identity.Occurrence);
        return new KinetraException(code, FailureMessage.Compose(
            $"Step \"{step.Name}\" failed {tried}: {Describe(result)}.",
            result,
            FailureMessage.Choose(step.Suggestion, Suggestions.For(result)),
            success?.Fingerprint is { } then ? FingerprintDiff.Describe(then, decision.Fingerprint) : null,
            success?.ResumedFrom));
    }

    /// <summary>It succeeded, but has not made what it declares.</summary>
    public static KinetraException Missing(StepDefinition step, AttemptResult result, IReadOnlyList<string> outputs) =>
        new(DiagnosticCodes.OutputMissing, FailureMessage.Compose($"Step \"{step.Name}\" failed: it ended with exit code 0, but its declared output {string.Join(", ", outputs)} does not exist.", result, step.Suggestion));

    /// <summary>It could not be run.</summary>
    public static KinetraException CouldNotRun(StepDefinition step, IStepWork work, KinetraException error) =>
        // The message quotes parameters, which may have been made from a secret.
        new(error.Code, FailureMessage.Compose($"Step \"{step.Name}\" failed: {work.Mask(error.Message)}", null, FailureMessage.Choose(step.Suggestion, Suggestions.For(error))), error) { File = error.File, Line = error.Line };

    /// <summary>Journal, state or run log cannot be written, which was found out at this step.</summary>
    public static KinetraException NotRecorded(StepDefinition step, KinetraException error) =>
        new(error.Code, $"Step \"{step.Name}\" could not be recorded. {error.Message}", error);

    /// <summary>The build was told to stop.</summary>
    /// <param name="step">The step.</param>
    /// <param name="why">Why it was stopped, if for another reason; null if not.</param>
    public static KinetraException Interrupted(StepDefinition step, string? why = null) =>
        new(DiagnosticCodes.StepInterrupted, $"Step \"{step.Name}\" was interrupted: {why ?? "the build was told to stop"}. Its processes have been ended. Build again to run it, with -p:KinetraResume=true to go on from here.");

    /// <summary>It succeeded, but what it read was changed meanwhile: a warning.</summary>
    public static KinetraException InputsChanged(StepDefinition step, IReadOnlyList<string> changed) =>
        new(DiagnosticCodes.InputChanged, $"Step \"{step.Name}\" succeeded, but {string.Join(", ", changed)} changed while it ran: nobody knows which content it has seen, so a continued run runs it again. If the step writes it, declare it in Outputs.");
}
