namespace Steps;

/// <summary>An expected failure: ends the step with one clear line and an exit code, without a stack trace.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What went wrong, without the leading <c>error: </c>.</param>
/// <param name="problems">The broken places, each printed on a line of its own before the message.</param>
sealed class StepFailure(int exitCode, string message, IReadOnlyList<Problem>? problems = null) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The broken places; empty when the message says it all.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems ?? [];
}
