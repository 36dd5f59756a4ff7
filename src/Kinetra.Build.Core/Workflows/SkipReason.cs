using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Workflows;

/// <summary>Why a step is not run because of others, in words.</summary>
internal static class SkipReason
{
    /// <summary>Puts it into words.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="skipped">The step and the cause.</param>
    public static string Of(StepGraph graph, SkippedStep skipped)
    {
        string because = skipped.Because is { } index ? graph.Steps[index].Name : "";
        return skipped.Cause switch
        {
            SkipCause.CriticalFailed => $"the critical step \"{because}\" failed",
            SkipCause.DependencyFailed => $"\"{because}\", which it depends on, did not succeed",
            _ => "the build was told to stop",
        };
    }
}
