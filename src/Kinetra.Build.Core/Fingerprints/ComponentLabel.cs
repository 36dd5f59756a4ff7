namespace Kinetra.Build.Core.Fingerprints;

/// <summary>The labels of a fingerprint's components. Some are a kind and a name: <c>input data/raw.csv</c>.</summary>
internal static class ComponentLabel
{
    /// <summary>A kind: a declared input.</summary>
    public const string Input = "input";

    /// <summary>A kind: a file that the command names.</summary>
    public const string Script = "script";

    /// <summary>A kind: a project that is built.</summary>
    public const string Project = "project";

    /// <summary>A kind: a program that is found, or asked for its version.</summary>
    public const string Tool = "tool";

    /// <summary>A kind: a variable whose value is a secret.</summary>
    public const string Secret = "secret";

    /// <summary>A kind: what a step before it has made.</summary>
    public const string OutputsOf = "outputs of";

    /// <summary>A whole label: the paths of the projects that are built.</summary>
    public const string Projects = "projects";

    /// <summary>Whether a label is one of a kind.</summary>
    /// <param name="label">The label.</param>
    /// <param name="kind">The kind.</param>
    public static bool IsOf(string label, string kind) => label.StartsWith(kind, StringComparison.Ordinal) && label.Length > kind.Length && label[kind.Length] == ' ';

    /// <summary>Whether it is the label of a file's content.</summary>
    /// <param name="label">The label.</param>
    public static bool IsFile(string label) => IsOf(label, Input) || IsOf(label, Script) || IsOf(label, Project);

    /// <summary>Whether it is the label of what is known only by asking: a tool, a secret, or what a step before it has made.</summary>
    /// <param name="label">The label.</param>
    public static bool IsAnswer(string label) => IsOf(label, Tool) || IsOf(label, Secret) || IsOf(label, OutputsOf);

    /// <summary>The file of a label, relative to the project.</summary>
    /// <param name="label">One for which <see cref="IsFile"/> holds.</param>
    public static string FileOf(string label) => label[(label.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
