using System.Text;

namespace Kinetra.Build.Core.Steps;

/// <summary>Composes what a failed step says: what happened, the last lines of output, the log, a suggestion.</summary>
internal static class FailureMessage
{
    private const int TailLines = 5;

    /// <summary>The whole message; without output it is one line.</summary>
    public static string Compose(string what, AttemptResult? result, string? suggestion)
    {
        StringBuilder message = new(what);
        if (result is { Tail.Count: > 0 })
        {
            message.Append(" Last output:");
            foreach (string line in result.Tail.TakeLast(TailLines))
            {
                message.Append("\n  | ").Append(line);
            }

            message.Append('\n');
        }
        else
        {
            message.Append(' ');
        }

        if (result?.LogFile is not null)
        {
            message.Append("Log: ").Append(result.LogFile).Append(". ");
        }

        if (!string.IsNullOrWhiteSpace(suggestion))
        {
            message.Append("Suggestion: ").Append(suggestion);
        }

        return message.ToString().TrimEnd();
    }
}
