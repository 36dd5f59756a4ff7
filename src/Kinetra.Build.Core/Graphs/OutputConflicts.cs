namespace Kinetra.Build.Core.Graphs;

/// <summary>Finds outputs that two steps declare.</summary>
internal static class OutputConflicts
{
    /// <summary>
    /// Refuses outputs that are the same: one path, or one below the other; a path and a pattern that matches it, or that matches only what is below it; one
    /// pattern. Two patterns that merely could match the same file are let be, for steps that write side by side often cannot say it more exactly.
    /// </summary>
    /// <param name="steps">The steps.</param>
    /// <param name="outputs">All their outputs.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.OutputConflict"/>.</exception>
    public static void Refuse(IReadOnlyList<GraphStep> steps, DeclaredFiles outputs)
    {
        List<(DeclaredFile First, DeclaredFile Second)>? conflicts = null;
        for (int i = 0; i < outputs.Count; i++)
        {
            DeclaredFile output = outputs[i];
            if (i > 0 && outputs[i - 1].Step != output.Step && outputs[i - 1].IsSame(output))
            {
                Add(outputs[i - 1], output);
            }

            foreach (DeclaredFile other in outputs.Above(i))
            {
                if (other.Step != output.Step && IsConflict(output, other))
                {
                    Add(other, output);
                }
            }
        }

        if (conflicts is null)
        {
            return;
        }

        Problems problems = new(DiagnosticCodes.OutputConflict);
        foreach ((DeclaredFile first, DeclaredFile second) in conflicts.OrderBy(conflict => conflict.First.Step).ThenBy(conflict => conflict.Second.Step))
        {
            problems.Add(problems.ShowsNext ? Text(steps[first.Step], first, steps[second.Step], second) : null);
        }

        problems.Throw("Each file is to be the output of one step. Correct the Outputs, or make one step of the two.");

        void Add(DeclaredFile one, DeclaredFile other)
        {
            conflicts ??= [];
            conflicts.Add(one.Step < other.Step ? (one, other) : (other, one));
        }
    }

    // Not for two that are the same.
    private static bool IsConflict(DeclaredFile output, DeclaredFile other) => (output.IsPlain, other.IsPlain) switch
    {
        (_, true) => output.Key.Length > other.Key.Length && output.IsAtOrBelow(other),
        (true, false) => output.IsMatchedBy(other),
        _ => false,
    };

    private static string Text(GraphStep first, DeclaredFile one, GraphStep second, DeclaredFile other) => one.Written == other.Written
        ? $"Steps {Problems.Quote(first.Name)} and {Problems.Quote(second.Name)} both write {Problems.Shorten(one.Written)}."
        : $"Step {Problems.Quote(first.Name)} writes {Problems.Shorten(one.Written)}, and step {Problems.Quote(second.Name)} writes {Problems.Shorten(other.Written)}.";
}
