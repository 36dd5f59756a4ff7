namespace Kinetra.Build.Core.Scheduling;

/// <summary>How a step ended.</summary>
public enum StepEnd
{
    /// <summary>It did what it should, or had no need to.</summary>
    Succeeded,

    /// <summary>It failed, after its last attempt.</summary>
    Failed,

    /// <summary>It was ended because the build is to stop: the rest stops too, as by <see cref="Scheduler.Stop"/>.</summary>
    Interrupted,
}
