using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>How the files with the output of a run's steps are named: one that reads a run later finds what the run has named.</summary>
internal sealed class OutputNames
{
    private readonly HashSet<string> _stems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the names of the next step's files begin with; no other step of the run has it, whatever case matters.</summary>
    /// <param name="step">The step's name.</param>
    public string Next(string step)
    {
        string stem = SafeFileName.From(step);
        string unique = stem;
        for (int number = 2; !_stems.Add(unique); number++)
        {
            unique = $"{stem}-{number:000}";
        }

        return unique;
    }

    /// <summary>The file of an attempt, relative to the log directory.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="stem">What <see cref="Next"/> gave the step.</param>
    /// <param name="attempt">From 1.</param>
    public static string Of(string runId, string stem, int attempt) => Path.Combine(runId, $"{stem}.{attempt}.log");
}
