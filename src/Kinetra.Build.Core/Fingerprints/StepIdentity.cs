using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// What a step is. Whatever is policy has no place here (attempts, delays, time-outs, criticality, parallelism, log settings), so that
/// changing it runs nothing again.
/// </summary>
/// <remarks>
/// A pattern of <see cref="Inputs"/> and <see cref="Outputs"/> is a file, a directory (all files below it) or has <c>*</c>, <c>?</c> (within a name) or
/// <c>**</c> (any number of directories) in it. It is relative to the project; absolute ones and <c>..</c> work as well.
/// </remarks>
public sealed record StepIdentity
{
    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>
    /// Which project it is of, relative to the state directory: several projects may share a workflow, and have steps of one name and
    /// command, which mean something else in each. Empty if there is but one.
    /// </summary>
    public string Project { get; init; } = "";

    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>1, or more for a name that recurs in the run.</summary>
    public int Occurrence { get; init; } = 1;

    /// <summary>What it does.</summary>
    public required StepWork Work { get; init; }

    /// <summary>The project's directory, absolute. Only what lies where relative to it counts, so the project can be moved.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Where the work is done; files named in the command are relative to it.</summary>
    public required FilePath WorkingDirectory { get; init; }

    /// <summary>The environment variables that the step declares, and their values; not the rest of the environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = EmptyVariables;

    /// <summary>The variables whose value is a secret, those that are set. Only keyed hashes of the values are kept.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = EmptyVariables;

    /// <summary>Patterns of the files that it reads. The set of files counts: one more or less is a change.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Patterns of the files that it writes. The patterns count, not the files; what is an output is no input.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>
    /// What the steps before it have made, for a step that does not say in <see cref="Inputs"/> what of it it reads. Their content counts,
    /// so a step before it that ran again with the same result changes nothing.
    /// </summary>
    public IReadOnlyList<ConsumedOutputs> Consumed { get; init; } = [];

    /// <summary>
    /// Tools that it depends on: a program (without a blank; its content counts), or a command line (with blanks; its output
    /// counts), such as <c>dotnet --version</c>.
    /// </summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Any text; changing it makes the step run again. Empty for none.</summary>
    public string Salt { get; init; } = "";

    /// <summary>
    /// Files that an earlier run saw the command make though they are not declared (<see cref="Fingerprinter.FilesSince"/>): naming them
    /// in the command does not make them scripts. Not part of the fingerprint.
    /// </summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    /// <summary>
    /// Directories that the build itself writes to (state, logs, backups), absolute: patterns pass over them, so that an input <c>**</c> can
    /// be unchanged. Not part of the fingerprint.
    /// </summary>
    public IReadOnlyList<string> OwnDirectories { get; init; } = [];

    private static IReadOnlyDictionary<string, string> EmptyVariables { get; } = new Dictionary<string, string>();
}
