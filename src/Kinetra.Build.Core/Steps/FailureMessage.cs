namespace Kinetra.Build.Core.Steps;

/// <summary>Composes what a failed step says: what happened, the last lines of output, the log, a suggestion.</summary>
internal static class FailureMessage
{
    private const int TailLines = 5;

    /// <summary>The whole message; without output it is one line.</summary>
    public static string Compose(string what, AttemptResult? result, string? suggestion)
    {
        List<string> parts = [what];
        if (result is { Tail.Count: > 0 })
        {
            parts[0] += " Last output:";
            parts.AddRange(result.Tail.TakeLast(TailLines).Select(line => "  | " + line));
        }

        if (result?.LogFile is not null)
        {
            parts.Add("Log: " + result.LogFile);
        }

        if (!string.IsNullOrWhiteSpace(suggestion))
        {
            parts.Add("Suggestion: " + suggestion.Trim());
        }

        // In one line where there is little to say.
        return string.Join(parts.Count > 2 ? "\n" : " ", parts);
    }
}
