using System.Globalization;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Which failures of a step are tried again. A time-out is; a cancellation and a program that cannot be started are not.
/// Of the exit codes all are, but 126 and 127 (cannot be run, not found), unless one of the two lists says otherwise.
/// </summary>
/// <param name="Retry">Only these are tried again, if there are any.</param>
/// <param name="NoRetry">These fail at once.</param>
public sealed record RetryExitCodes(IReadOnlyCollection<int> Retry, IReadOnlyCollection<int> NoRetry)
{
    /// <summary>Reads a list of exit codes.</summary>
    /// <param name="name">The parameter it comes from.</param>
    /// <param name="codes">Numbers from 0 to 65535; ranges such as <c>64-78</c> are allowed.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static IReadOnlyCollection<int> Parse(string name, IEnumerable<string> codes)
    {
        HashSet<int> parsed = [];
        foreach (string text in codes)
        {
            string[] ends = text.Split('-', 2, StringSplitOptions.TrimEntries);
            if (!TryParse(ends[0], out int first) || !TryParse(ends[^1], out int last) || last < first)
            {
                throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not an exit code. Write numbers such as 75, or ranges such as 64-78, separated by semicolons.");
            }

            parsed.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return parsed;
    }

    /// <summary>Whether an attempt that ended so is tried again.</summary>
    /// <param name="result">The attempt.</param>
    public bool Allow(AttemptResult result)
    {
        if (result.End != ProcessEnd.Exited)
        {
            // What the program said when it was told to stop is not its own word.
            return result.End == ProcessEnd.TimedOut;
        }

        if (result.Succeeded || NoRetry.Contains(result.ExitCode))
        {
            return false;
        }

        return Retry.Count > 0
            ? Retry.Contains(result.ExitCode)
            : result.ExitCode is not (ExitCode.NotExecutable or ExitCode.NotFound);
    }

    private static bool TryParse(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code <= 65535;
}
