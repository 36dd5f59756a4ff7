using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>What the output of an attempt has told, apart from its text.</summary>
/// <param name="Operations">What it has timed, in the order in which that ended.</param>
/// <param name="Progress">The last progress, 0 to 100 percent; null if it told none.</param>
/// <param name="Problems">Its warnings, errors and notices in their order, each once.</param>
/// <param name="ProblemsLeftOut">How many more it had than are kept.</param>
public sealed record AttemptOutput(IReadOnlyList<StepOperation> Operations, int? Progress, IReadOnlyList<Problem> Problems, int ProblemsLeftOut)
{
    /// <summary>Output that has told nothing.</summary>
    public static AttemptOutput None { get; } = new([], null, [], 0);

    /// <summary>
    /// The problems as they are to be logged once it is known what became of the attempt: the exit code is the truth, so
    /// only a critical step that has failed for good has errors.
    /// </summary>
    /// <param name="fate">What became of it.</param>
    /// <param name="step">The step's name, put before what has no file.</param>
    public IEnumerable<Problem> ProblemsAfter(AttemptFate fate, string step)
    {
        if (Problems.Count == 0)
        {
            return [];
        }

        ProblemKind highest = fate switch
        {
            AttemptFate.TriedAgain => ProblemKind.Message,
            AttemptFate.Failed => ProblemKind.Error,
            _ => ProblemKind.Warning,
        };
        return Problems.Select(problem => problem with
        {
            Kind = problem.Kind < highest ? problem.Kind : highest,
            Text = problem.File is null ? $"{step}: {problem.Text}" : problem.Text,
        });
    }
}

/// <summary>What became of an attempt, for whoever logs its problems.</summary>
public enum AttemptFate
{
    /// <summary>It succeeded.</summary>
    Succeeded,

    /// <summary>It failed, and the step is tried again.</summary>
    TriedAgain,

    /// <summary>It failed and was the last one, of a critical step.</summary>
    Failed,

    /// <summary>It failed and was the last one, of a step that the workflow can do without.</summary>
    Tolerated,

    /// <summary>The build was told to stop.</summary>
    Interrupted,
}
