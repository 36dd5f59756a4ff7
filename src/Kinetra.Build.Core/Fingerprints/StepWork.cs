namespace Kinetra.Build.Core.Fingerprints;

/// <summary>In which form the work of a step is given.</summary>
internal enum WorkKind
{
    /// <summary>A line for the shell.</summary>
    Command,

    /// <summary>A program and its arguments.</summary>
    Arguments,

    /// <summary>Projects to build.</summary>
    Projects,
}

/// <summary>The work of a step, as given and after expansion.</summary>
public sealed record StepWork
{
    private StepWork(WorkKind kind, IReadOnlyList<string> texts) => (Kind, Texts) = (kind, texts);

    /// <summary>The targets of projects.</summary>
    internal IReadOnlyList<string> Targets { get; private init; } = [];

    /// <summary>The properties of projects.</summary>
    internal IReadOnlyList<string> Properties { get; private init; } = [];

    /// <summary>Its form.</summary>
    internal WorkKind Kind { get; }

    /// <summary>The one line, the program and its arguments, or the projects.</summary>
    internal IReadOnlyList<string> Texts { get; }

    /// <summary>A line that a shell runs.</summary>
    /// <param name="line">The line.</param>
    public static StepWork Command(string line) => new(WorkKind.Command, [line]);

    /// <summary>A program that gets its arguments verbatim.</summary>
    /// <param name="arguments">The program first.</param>
    public static StepWork Arguments(IReadOnlyList<string> arguments) => new(WorkKind.Arguments, arguments);

    /// <summary>Projects that the engine builds.</summary>
    /// <param name="projects">Their paths, relative to the step's working directory or absolute.</param>
    /// <param name="targets">The targets, in their order.</param>
    /// <param name="properties">The properties, each <c>Name=value</c>.</param>
    public static StepWork Projects(IReadOnlyList<string> projects, IReadOnlyList<string> targets, IReadOnlyList<string> properties) =>
        new(WorkKind.Projects, projects) { Targets = targets, Properties = properties };
}
