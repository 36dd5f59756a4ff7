using System.Text;

namespace Kinetra.Build.Torture;

/// <summary>
/// One operation on fixed inputs, and what holds before and after it. The victim runs it by its verb; the tests kill it, fail
/// it and trace it. A new operation is one entry of <see cref="All"/>: every sweep takes it from there.
/// </summary>
/// <param name="Verb">Its name on the command line.</param>
/// <param name="Old">The file's content before it.</param>
/// <param name="New">The file's content after it; <paramref name="Old"/> if it does not change the file.</param>
/// <param name="Prepare">Makes the folder that it begins with.</param>
/// <param name="Run">Does it. Done twice is done once.</param>
public sealed record Operation(string Verb, string Old, string New, Action<Scene> Prepare, Action<Scene> Run)
{
    // Longer than one buffer of a copy, so that there are files with half the content.
    private const int Length = 300_000;

    private static readonly string First = Text("first");
    private static readonly string Second = Text("second");
    private static readonly string Third = Text("third");

    /// <summary>Whether the file has a checksum record once it is done.</summary>
    public bool Checksum { get; init; } = true;

    /// <summary>Whether the old content is in a backup as soon as the file has the new one.</summary>
    public bool KeepsOld { get; init; } = true;

    /// <summary>Whether doing it again writes nothing, so that what an error left is for a later writer to remove.</summary>
    public bool WritesOnce { get; init; }

    /// <summary>The number of backups once it is done, if it removes those above; null if it removes none.</summary>
    public int? Backups { get; init; }

    /// <summary>What the product does.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("write", First, Second, project => project.Put(First), project => project.WriteAtomically(Second))
        {
            Checksum = false,
            KeepsOld = false,
        },
        new("write-protected", Second, Third, Established, project => project.Write(Third)),
        new("write-protected-first", First, Second, project => project.Put(First), project => project.Write(Second)),
        new("backup", First, First, project => project.Put(First), project => project.BackUp()) { Checksum = false },
        new("restore", Second, First, Established, project => project.Restore()) { WritesOnce = true },
        new(
            "rotate",
            Third,
            Third,
            project =>
            {
                foreach (string content in (string[])[Second, First, Second])
                {
                    project.Put(content);
                    project.BackUp();
                }

                project.Put(Third);
            },
            project => project.BackUp(keep: 2))
        {
            Checksum = false,
            Backups = 2,
        },
        new("backup-encrypted", First, First, project => project.Put(First), project => project.Encrypted.BackUp()) { Checksum = false },
        new("restore-encrypted", Second, First, project => Established(project.Encrypted), project => project.Encrypted.Restore()) { WritesOnce = true },
    ];

    /// <summary>The operation with a verb.</summary>
    /// <param name="verb">A verb of <see cref="All"/>, of <see cref="RunOperation"/>, of <see cref="CacheOperation"/> or of <see cref="NaiveWriter.Operations"/>.</param>
    public static Operation Named(string verb) => All.Concat(RunOperation.All).Concat(RunOperation.Mutants).Append(RunOperation.Undone).Concat(CacheOperation.All).Concat(NaiveWriter.Operations).First(operation => operation.Verb == verb);

    /// <summary>Its verb.</summary>
    public override string ToString() => Verb;

    // A file that the workflow has written twice: there is a checksum, and a backup of the first version.
    private static void Established(Scene project)
    {
        project.Put("");
        project.Write(First);
        project.Write(Second);
    }

    internal static string Text(string name)
    {
        StringBuilder text = new(Length + 200);
        for (int line = 1; text.Length < Length; line++)
        {
            text.Append(name).Append(" version, line ").Append(line).Append('-', 150).Append('\n');
        }

        return text.ToString();
    }
}
