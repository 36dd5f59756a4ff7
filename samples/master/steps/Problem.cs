namespace Steps;

/// <summary>A broken place in a file, printed in MSBuild's canonical form so that a build and an editor can point at it.</summary>
/// <param name="Origin">The file as the user wrote it. Never a URL: MSBuild does not recognise an origin with a colon, see <see cref="Note"/>.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Character column, from 1.</param>
/// <param name="Code">One of the MT5xxx codes in steps/README.md.</param>
/// <param name="Text">What is wrong, with the value found and what was expected.</param>
/// <remarks>Form: https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks</remarks>
sealed record Problem(string Origin, int Line, int Column, string Code, string Text)
{
    /// <summary>No more than this many problems are printed for one file.</summary>
    public const int MaxPrinted = 20;

    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public string Severity { get; init; } = "error";

    /// <summary>Where the file came from, if the origin does not say it (the URL of a download).</summary>
    public string? Note { get; init; }

    /// <inheritdoc />
    public override string ToString() =>
        $"{Origin}({Line},{Column}): {Severity} {Code}: {Text}{(Note is null ? "" : $" ({Note})")}";

    /// <summary>Prints the problems of one file, at most <see cref="MaxPrinted"/>, then how many more there are.</summary>
    public static void Print(TextWriter writer, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems.Take(MaxPrinted))
            writer.WriteLine(problem);
        if (problems.Count > MaxPrinted)
            writer.WriteLine($"{problems[0].Origin}: {problems.Count - MaxPrinted} more not shown");
    }
}
