using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>Is told what happens while a graph of steps runs, by the thread on which it happens: several at a time.</summary>
public interface IWorkflowListener
{
    /// <summary>Something worth a line in the log.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">What.</param>
    void Report(LogLevel level, string message);

    /// <summary>The output of a step has told of a problem.</summary>
    /// <param name="problem">What.</param>
    void Problem(Problem problem);

    /// <summary>A step has ended, or was not run as there was no need to.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="outcome">What became of it.</param>
    void Ended(int step, StepOutcome outcome);

    /// <summary>Something is worth a warning.</summary>
    /// <param name="warning">What.</param>
    void Warn(KinetraException warning);

    /// <summary>A step could not be entered in the journal, at its beginning or its end.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="error">Why.</param>
    void Broken(int step, KinetraException error);

    /// <summary>A step is not run because of others.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="record">Its record, with the reason.</param>
    void Skipped(int step, StepRecord record);
}
