namespace Kinetra.Build.Core.Runs;

/// <summary>Is told what happens in a run as it happens, by the thread in which it does; it has to be quick, and to stand several threads.</summary>
public interface IRunObserver
{
    /// <summary>A step begins.</summary>
    /// <param name="step">The step.</param>
    void Begun(StepRecord step);

    /// <summary>An attempt of a step begins.</summary>
    /// <param name="step">The step.</param>
    /// <param name="attempt">Which one, from 1.</param>
    /// <param name="mark">What the environment of its processes holds; its last 16 hexadecimal digits are the attempt's span in <c>TRACEPARENT</c>.</param>
    void AttemptBegun(StepRecord step, int attempt, string mark);

    /// <summary>An attempt of a step has ended.</summary>
    /// <param name="step">The step.</param>
    /// <param name="exitCode">Its exit code; null if it did not end by itself.</param>
    /// <param name="error">What failed, in words; null if it succeeded.</param>
    /// <param name="operations">What its output has timed.</param>
    void AttemptEnded(StepRecord step, int? exitCode, string? error, IReadOnlyList<StepOperation> operations);

    /// <summary>A step has ended, or is not run at all.</summary>
    /// <param name="step">The step.</param>
    void Ended(StepRecord step);
}
