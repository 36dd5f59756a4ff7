namespace Kinetra.Build.Core.Runs;

/// <summary>The error of a step or a run where there is room for a line only.</summary>
public static class ErrorText
{
    private const string TailFollows = " Last output:";

    /// <summary>Its first line, without the announcement of the lines behind it.</summary>
    /// <param name="error">The error; null for none.</param>
    /// <returns>Null if there is none.</returns>
    public static string? FirstLine(string? error)
    {
        string? first = error?.Split('\n', 2)[0].TrimEnd();
        return first is not null && first.EndsWith(TailFollows, StringComparison.Ordinal) ? first[..^TailFollows.Length] : first;
    }
}
