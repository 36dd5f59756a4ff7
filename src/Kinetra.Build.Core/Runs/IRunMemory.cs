namespace Kinetra.Build.Core.Runs;

/// <summary>What is known of the steps of earlier runs. Safe for several threads.</summary>
public interface IRunMemory
{
    /// <summary>The run that is continued; null if none is.</summary>
    string? ContinuesId { get; }

    /// <summary>What the runs that are continued know of a step; null if they do not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    StepRecord? Prior(string name, int occurrence);

    /// <summary>The last time that a step succeeded, in the last runs of the workflow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    /// <returns>What is known of it; null if it has not succeeded in the runs that are looked at.</returns>
    StepRecord? FindLastSuccess(string name, int occurrence);
}
