namespace Kinetra.Build.Core.Workflows;

/// <summary>What would become of a step.</summary>
public enum PlannedAction
{
    /// <summary>It would be run.</summary>
    Run,

    /// <summary>It would be run unless those that it depends on, which run or are restored before it, make what they made before.</summary>
    PerhapsRun,

    /// <summary>It would not be run.</summary>
    Reuse,

    /// <summary>It is not selected.</summary>
    LeaveOut,

    /// <summary>It would fail before it begins.</summary>
    Fail,
}

/// <summary>What would become of a step, and why.</summary>
/// <param name="Step">Its index.</param>
/// <param name="Action">What.</param>
/// <param name="Reason">Why, in one line.</param>
public readonly record struct PlannedStep(int Step, PlannedAction Action, string Reason);
