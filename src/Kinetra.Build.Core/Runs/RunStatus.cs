namespace Kinetra.Build.Core.Runs;

/// <summary>Where a workflow run stands.</summary>
public enum RunStatus
{
    /// <summary>It has begun and not ended; in a state file without a living build it was killed.</summary>
    Running,

    /// <summary>Every critical step succeeded.</summary>
    Completed,

    /// <summary>A critical step, or the build around the steps, failed.</summary>
    Failed,

    /// <summary>The build was told to stop.</summary>
    Interrupted,
}

/// <summary>Where a step stands.</summary>
public enum StepStatus
{
    /// <summary>It is running.</summary>
    Running,

    /// <summary>It succeeded.</summary>
    Completed,

    /// <summary>It failed after its last attempt.</summary>
    Failed,

    /// <summary>The build was told to stop while it ran.</summary>
    Interrupted,

    /// <summary>It was not run, as something that it depends on failed, the workflow stopped before it, or it was not selected.</summary>
    Skipped,

    /// <summary>It was not run, as the cache knew what it would make, and its outputs are that.</summary>
    Cached,
}
