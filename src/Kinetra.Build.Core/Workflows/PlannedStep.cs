namespace Kinetra.Build.Core.Workflows;

/// <summary>What would become of a step.</summary>
public enum PlannedAction
{
    /// <summary>It would be run.</summary>
    Run,

    /// <summary>Others run or are restored before it, and whether it is run depends on what they make.</summary>
    PerhapsRun,

    /// <summary>It would not be run.</summary>
    Reuse,

    /// <summary>It is not selected.</summary>
    LeaveOut,

    /// <summary>It would fail before it begins.</summary>
    Fail,

    /// <summary>It would be skipped, as another one would fail.</summary>
    Skip,
}

/// <summary>What would become of a step, and why.</summary>
/// <param name="Step">Its index.</param>
/// <param name="Action">What.</param>
/// <param name="Reason">Why, in one line.</param>
public readonly record struct PlannedStep(int Step, PlannedAction Action, string Reason);
