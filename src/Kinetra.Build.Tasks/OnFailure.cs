namespace Kinetra.Build.Tasks;

/// <summary>What becomes of the steps that run when a critical one has failed.</summary>
internal enum OnFailure
{
    /// <summary>They finish.</summary>
    Drain,

    /// <summary>They are told to stop.</summary>
    Cancel,
}
