using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Spectre.Console;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra backups</c>: lists, verifies, restores and removes the project's backups.</summary>
internal static class BackupsCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("backups", "The project's backups.") { CreateList(), CreateVerify(), CreateRestore(), CreatePrune() };

    private static Command CreateList()
    {
        Argument<string?> file = new("file") { Description = "Only the backups of this file.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("list", "List the backups, those of a file oldest first.") { file, project, properties, json };
        command.SetAction(parsed =>
        {
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            BackupListing[] all = [.. evaluated.Backups.List()];
            BackupListing[] shown = parsed.GetValue(file) is { } name ? OfFile(all, evaluated, name) : all;
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["backup_directory"] = evaluated.BackupDirectory.Display, ["backups"] = JsonOutput.Array(shown.Select(ToJson)) });
            }
            else if (shown.All(backup => backup.Problem is not null))
            {
                Screen.Line($"There are no backups{(parsed.GetValue(file) is { } of ? $" of {of}" : "")} in {evaluated.BackupDirectory}.");
            }
            else
            {
                Print(shown.Where(backup => backup.Problem is null));
            }

            return Problems(shown.Select(backup => backup.Problem));
        });
        return command;
    }

    private static Command CreateVerify()
    {
        Option<string?> project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Read, decrypt and compare every backup, as a restore would; nothing is changed.") { project, properties, json };
        command.SetAction(parsed =>
        {
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            BackupCheck[] checks = [.. evaluated.Backups.VerifyAll()];
            int bad = checks.Count(check => check.Problem is not null);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject
                {
                    ["good"] = checks.Length - bad,
                    ["bad"] = bad,
                    ["backups"] = JsonOutput.Array(checks.Select(check => new JsonObject
                    {
                        ["path"] = check.Path,
                        ["file"] = check.OriginalPath,
                        ["timestamp"] = check.Timestamp is { } time ? JsonOutput.Time(time) : null,
                        ["code"] = check.Problem?.Code,
                        ["message"] = check.Problem?.Message,
                    })),
                });
            }
            else
            {
                Screen.Line(checks.Length == 0
                    ? $"There are no backups in {evaluated.BackupDirectory}."
                    : string.Create(CultureInfo.InvariantCulture, $"Backups in {evaluated.BackupDirectory}: {checks.Length - bad} good, {bad} bad."));
            }

            return Problems(checks.Select(check => check.Problem));
        });
        return command;
    }

    private static Command CreateRestore()
    {
        Argument<string> file = new("file") { Description = "The file to restore; it need not exist." };
        Option<string?> backup = new("--backup") { Description = "This backup, as the list shows it. Default: the newest that is not what a restore replaced.", HelpName = "PATH" };
        Option<string?> at = new("--at") { Description = "The newest backup not later than this, UTC: 20261123_045501, 2026-11-23 or 2026-11-23T04:55Z.", HelpName = "TIME" };
        Option<string?> project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("restore", "Restore a file: the backup is verified first, and what it replaces is backed up.") { file, backup, at, project, properties, json };
        command.SetAction(parsed =>
        {
            BackupChoice choice = (parsed.GetValue(backup), parsed.GetValue(at)) switch
            {
                (null, null) => BackupChoice.Newest,
                ({ } path, null) => BackupChoice.Exactly(PathDisplay.Given(path)),
                (null, { } time) => BackupChoice.NotLaterThan("--at", time),
                _ => throw new KinetraException(DiagnosticCodes.WrongUsage, "--backup and --at are both given. Give one of them."),
            };
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            FilePath target = PathDisplay.Given(parsed.GetValue(file)!);
            RestoreResult result = evaluated.Files.Restore(target, choice, new WriteOptions(Backup: true, Checksum: evaluated.EnableChecksums));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["file"] = target.Display, ["restored_from"] = result.Restored.Path, ["sha256"] = result.Restored.Sha256, ["replaced"] = result.Replaced?.Path });
            }
            else
            {
                Screen.Line($"{target} restored from {result.Restored.Path}.{(result.Replaced is { } replaced ? $" What it held is in {replaced.Path}." : "")}");
            }

            foreach (KinetraException warning in new[] { evaluated.GitIgnore.Check(target).Warning, HardLinkWarning.Of(target.Display, "restored", result.OtherNames) }.OfType<KinetraException>())
            {
                Messages.Warning(warning);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreatePrune()
    {
        Option<string?> keep = new("--keep") { Description = "How many backups of a file stay. Default: KinetraBackupKeep.", HelpName = "N" };
        Option<string?> age = new("--max-age") { Description = "Older ones go, the newest never: 12h, 30d. Default: KinetraBackupMaxAge.", HelpName = "DURATION" };
        Option<bool> dry = new("--dry-run") { Description = "Only say which they are." };
        Option<string?> project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("prune", "Remove expired backups of all files; the newest of a file always stays.") { keep, age, dry, project, properties, json };
        command.SetAction(parsed =>
        {
            BackupRotation given = new(Count(parsed.GetValue(keep)), parsed.GetValue(age) is { } text ? Duration.Parse("--max-age", text) : null);
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            BackupRotation rotation = given == BackupRotation.None ? evaluated.Rotation : given;
            if (rotation == BackupRotation.None)
            {
                throw new KinetraException(DiagnosticCodes.WrongUsage, "Nothing says which backups expire: the project sets neither KinetraBackupKeep nor KinetraBackupMaxAge. Give --keep or --max-age.");
            }

            bool isTrial = parsed.GetValue(dry);
            BackupListing[] removed = [.. evaluated.Backups.Prune(rotation, isTrial)];
            BackupListing[] gone = [.. removed.Where(backup => backup.Problem is null)];
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["dry_run"] = isTrial, ["removed"] = JsonOutput.Array(removed.Select(ToJson)) });
            }
            else
            {
                if (gone.Length > 0)
                {
                    Print(gone);
                }

                Screen.Line(gone.Length == 0
                    ? $"No backup in {evaluated.BackupDirectory} has expired."
                    : $"{gone.Length} {(gone.Length == 1 ? "backup" : "backups")} ({ByteSize.Format(gone.Sum(backup => backup.Size))}) {(isTrial ? "would be removed" : "removed")}.");
            }

            return Problems(removed.Select(backup => backup.Problem));
        });
        return command;
    }

    private static int? Count(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 ? count
        : throw new KinetraException(DiagnosticCodes.InvalidValue, $"--keep: \"{text}\" is not a whole number of 1 or more.");

    // As the manifests name files: relative to the project, with forward slashes.
    private static BackupListing[] OfFile(BackupListing[] all, EvaluatedProject project, string file)
    {
        string relative = Path.GetRelativePath(project.Directory, PathDisplay.Given(file).Full).Replace('\\', '/');
        BackupListing[] found = [.. all.Where(backup => backup.OriginalPath == relative || backup.OriginalPath == file || backup.Problem is not null)];
        return found.Any(backup => backup.Problem is null)
            ? found
            : throw new KinetraException(DiagnosticCodes.NoBackup, $"There is no backup of {file} in {project.BackupDirectory}.{NearestName.Hint(relative, all.Select(backup => backup.OriginalPath).OfType<string>())}");
    }

    private static int Problems(IEnumerable<KinetraException?> problems)
    {
        KinetraException[] found = [.. problems.OfType<KinetraException>()];
        foreach (KinetraException problem in found)
        {
            Messages.Error(problem);
        }

        return found.Length > 0 ? ExitCodes.Failed : ExitCodes.Fine;
    }

    private static void Print(IEnumerable<BackupListing> backups)
    {
        Table table = Screen.Table("file", "made (UTC)", "size>", "backup", "");
        foreach (BackupListing backup in backups)
        {
            table.AddRow(
                Screen.Cell(backup.OriginalPath!),
                Screen.Cell(backup.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                Screen.Cell(ByteSize.Format(backup.Size)),
                Screen.Cell(backup.Path),
                Screen.Cell(string.Join(", ", new[] { backup.IsEncrypted ? "encrypted" : "", backup.IsReplaced ? "replaced by a restore" : "" }.Where(word => word.Length > 0))));
        }

        Screen.Out.Write(table);
    }

    private static JsonObject ToJson(BackupListing backup) => new()
    {
        ["path"] = backup.Path,
        ["file"] = backup.OriginalPath,
        ["timestamp"] = backup.OriginalPath is null ? null : JsonOutput.Time(backup.Timestamp),
        ["size"] = backup.Size,
        ["encrypted"] = backup.IsEncrypted,
        ["replaced"] = backup.IsReplaced,
        ["code"] = backup.Problem?.Code,
        ["message"] = backup.Problem?.Message,
    };
}
