namespace Kinetra.Build.Core.Steps;

/// <summary>How much a problem matters.</summary>
public enum ProblemKind
{
    /// <summary>A message.</summary>
    Message,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>An error.</summary>
    Error,
}

/// <summary>A warning, an error or a notice that a step's output has in a form that tools agree on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says, secrets masked; it may have several lines.</param>
public sealed record Problem(ProblemKind Kind, string Text)
{
    /// <summary>The file, or the tool, that it is about: absolute, or relative to the project; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Where in <see cref="File"/>.</summary>
    public ProblemPlace Place { get; init; }

    /// <summary>Its code, such as <c>CS0168</c>; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>One line in the form that MSBuild and Visual Studio print.</summary>
    public override string ToString()
    {
        string origin = File is null ? "" : $"{File}{Place}: ";
        string code = Code is null ? "" : " " + Code;
        return $"{origin}{Kind.ToString().ToLowerInvariant()}{code}: {Text}";
    }
}

/// <summary>A place in a file; lines and columns count from 1, 0 stands for none.</summary>
/// <param name="Line">The first line.</param>
/// <param name="Column">The column in it.</param>
/// <param name="EndLine">The last line.</param>
/// <param name="EndColumn">The column in it.</param>
public readonly record struct ProblemPlace(int Line, int Column = 0, int EndLine = 0, int EndColumn = 0)
{
    /// <summary>As in <c>(12,5)</c>; nothing for no line.</summary>
    public override string ToString() => Line == 0 ? "" : Column == 0 ? $"({Line})" : EndLine == 0 ? $"({Line},{Column})" : $"({Line},{Column},{EndLine},{EndColumn})";
}
