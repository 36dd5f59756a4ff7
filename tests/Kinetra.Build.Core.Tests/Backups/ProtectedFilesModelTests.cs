using System.Globalization;
using System.Runtime.Versioning;
using CsCheck;
using Kinetra.Build.Core.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>
/// Random sequences of all that can happen to files, each step compared with a model. <c>KINETRA_PROPERTY_CASES</c> sets the
/// number of sequences. A failure prints the smallest failing sequence found, which a larger number makes smaller, and its seed;
/// <c>CsCheck_Seed</c> in the environment runs that again.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProtectedFilesModelTests
{
    private static readonly Gen<int> File = Gen.Int[0, ProtectedFilesModel.Paths.Length - 1];
    private static readonly Gen<string> Content = OneOf("", "1", "22", "333");

    private static readonly Gen<BackupRotation> Rotation =
        from keep in OneOf<int?>(null, null, 1, 2, 3)
        from hours in OneOf<int?>(null, null, 1, 24)
        select new BackupRotation(keep, hours is { } number ? TimeSpan.FromHours(number) : null);

    private static readonly Gen<Step> Write =
        from file in File
        from content in Content
        from backup in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from checksum in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from onlyIfChanged in Gen.Bool
        from mode in OneOf<UnixFileMode?>(null, null, Core.Files.UnixMode.Private, ProtectedFilesModel.Wide)
        from rotation in Rotation
        select (Step)new WriteStep(file, content, new WriteOptions(backup, checksum, onlyIfChanged, mode), rotation);

    private static readonly Gen<Step> Tamper =
        from file in File
        from content in Gen.Frequency((4, Content), (2, Gen.Const((string)null!)))
        select (Step)new TamperStep(file, content);

    private static readonly Gen<Step> PutDirectory = File.Select(file => (Step)new DirectoryStep(file));

    private static readonly Gen<Step> BackUp = Gen.Select(File, Rotation, (file, rotation) => (Step)new BackUpStep(file, rotation));

    private static readonly Gen<Step> Damage = Gen.Select(File, Gen.Int[0, 9], Gen.Bool, (file, number, cut) => (Step)new DamageStep(file, number, cut));

    private static readonly Gen<Step> Restore =
        from file in File
        from which in Gen.OneOf(
            Gen.Const(Which.Newest),
            Gen.Int[0, 9].Select(number => new Which(At: number)),
            Gen.Select(File, Gen.Int[0, 9], (owner, number) => new Which(Owner: owner, Exactly: number)))
        from backup in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from checksum in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        select (Step)new RestoreStep(file, which, backup, checksum);

    private static readonly Gen<Step> Verify =
        from file in File
        from expected in Gen.Frequency((3, Gen.Const((string)null!)), (1, Content))
        from missing in Gen.Enum<MissingBaseline>()
        from mismatch in Gen.Enum<Mismatch>()
        select (Step)new VerifyStep(file, expected, missing, mismatch);

    // Also back, by less than a second and by days.
    private static readonly Gen<Step> Clock = OneOf(0.4, 1, 60, 3600, 4000, 90_000, -0.7, -1, -3600, -200_000)
        .Select(seconds => (Step)new ClockStep(TimeSpan.FromSeconds(seconds)));

    private static readonly Gen<Step> Leftover = File.Select(file => (Step)new LeftoverStep(file));

    private static readonly Gen<Step[]> Steps = Gen.Frequency((8, Write), (5, Tamper), (1, PutDirectory), (4, BackUp), (1, Damage), (6, Restore), (6, Verify), (4, Clock), (1, Leftover)).Array[1, 25];

    [Fact]
    public void Whatever_happens_files_records_and_backups_are_those_of_the_model()
    {
        Platform.RequireUnix();
        Steps.Sample(
            steps =>
            {
                using ProtectedFilesRun run = new();
                Array.ForEach(steps, run.Take);
                run.CheckOrder();
            },
            iter: PropertyCases.Sequences,
            print: steps => string.Join("\n", steps.Select((step, number) => string.Create(CultureInfo.InvariantCulture, $"{number}: {step}"))));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(number => values[number]);
}

/// <summary>Something that happens to a file.</summary>
/// <param name="File">Its index.</param>
internal abstract record Step(int File);

internal sealed record WriteStep(int File, string Content, WriteOptions Options, BackupRotation Rotation) : Step(File);

/// <summary>Somebody else writes the file, or removes it (null).</summary>
internal sealed record TamperStep(int File, string? Content) : Step(File);

/// <summary>Somebody puts a directory in the file's place, or takes it away again.</summary>
internal sealed record DirectoryStep(int File) : Step(File);

internal sealed record BackUpStep(int File, BackupRotation Rotation) : Step(File);

/// <summary>Somebody changes a backup, or cuts it.</summary>
internal sealed record DamageStep(int File, int Number, bool Cut) : Step(File);

internal sealed record RestoreStep(int File, Which Which, bool Backup, bool Checksum) : Step(File);

internal sealed record VerifyStep(int File, string? Expected, MissingBaseline Missing, Mismatch Mismatch) : Step(File);

internal sealed record ClockStep(TimeSpan By) : Step(0);

/// <summary>A killed write leaves its temporary file.</summary>
internal sealed record LeftoverStep(int File) : Step(File);

/// <summary>Which backup a restore names: the newest, the time of one, or one by its path, perhaps of another file. Numbers wrap around.</summary>
internal sealed record Which(int? At = null, int Owner = 0, int? Exactly = null)
{
    public static Which Newest { get; } = new();
}
