namespace Kinetra.Build.Core.Steps;

/// <summary>Composes what a failed step says: what happened, the last lines of output, the log, what changed, a suggestion.</summary>
internal static class FailureMessage
{
    private const int TailLines = 5;

    /// <summary>The whole message; with little to say it is one line.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="result">The last attempt; null if none was made.</param>
    /// <param name="suggestion">The user's, or else a known one for this failure; null or empty for none.</param>
    /// <param name="changed">What differs from the last success; null if nothing does, or nothing is known.</param>
    /// <param name="lastSuccess">The id of the run of the last success; null if it is not known.</param>
    public static string Compose(string what, AttemptResult? result, string? suggestion, string? changed = null, string? lastSuccess = null)
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

        if (!string.IsNullOrWhiteSpace(changed))
        {
            parts.Add($"Changed since the last success{(lastSuccess is null ? "" : $" (run {lastSuccess})")}: {changed.Trim()}");
        }

        if (!string.IsNullOrWhiteSpace(suggestion))
        {
            parts.Add("Suggestion: " + suggestion.Trim());
        }

        // In one line where there is little to say.
        return string.Join(parts.Count > 2 ? "\n" : " ", parts);
    }

    /// <summary>The user's suggestion if there is one, else a known one.</summary>
    public static string? Choose(string? users, string? known) => string.IsNullOrWhiteSpace(users) ? known : users;
}
