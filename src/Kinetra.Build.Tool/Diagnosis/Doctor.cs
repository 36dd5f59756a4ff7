using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;

namespace Kinetra.Build.Tool.Diagnosis;

/// <summary>Looks at all that a workflow needs. What it creates to try something it removes again.</summary>
internal static class Doctor
{
    private const int OldestSdk = 10;
    private const long Scarce = 1L << 30;
    private const long TooLittle = 100L << 20;

    /// <summary>The findings.</summary>
    /// <param name="project">The project as given; null if it is not.</param>
    /// <param name="properties">Properties for it.</param>
    public static IReadOnlyList<Finding> Examine(string? project, IReadOnlyList<string> properties)
    {
        List<Finding> findings = [Sdk()];
        EvaluatedProject? evaluated = null;
        try
        {
            evaluated = EvaluatedProject.Read(ProjectFinder.Find(project), properties);
            findings.Add(new Finding("project", FindingKind.Ok, $"{PathDisplay.Of(evaluated.File)}, workflow {evaluated.Workflow}."));
        }
        catch (KinetraException error)
        {
            findings.Add(new Finding("project", FindingKind.Error, error.Message, error.Code));
            return findings;
        }

        (string Name, FilePath Directory)[] directories = [("state", evaluated.StateDirectory), ("logs", evaluated.LogDirectory), ("backups", evaluated.BackupDirectory)];
        findings.AddRange(directories.Select(directory => WriteAccess(directory.Name, directory.Directory)));
        findings.Add(Locks(evaluated.StateDirectory));
        findings.AddRange(Runs(evaluated));
        findings.Add(Disk(evaluated.StateDirectory));
        return findings;
    }

    private static Finding Sdk()
    {
        try
        {
            (int exitCode, string output, string errors) = DotNetCommand.Capture(Environment.CurrentDirectory, ["--version"]);
            string version = output.Trim();
            int dot = version.IndexOf('.');
            return exitCode != 0 ? new Finding("SDK", FindingKind.Error, $"dotnet --version failed: {(output + errors).Trim()}")
                : dot > 0 && int.TryParse(version.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major >= OldestSdk ? new Finding("SDK", FindingKind.Ok, $".NET SDK {version}.")
                : new Finding("SDK", FindingKind.Error, $".NET SDK {version}; Kinetra.Build needs {OldestSdk} or later. Install it, or correct global.json.");
        }
        catch (KinetraException error)
        {
            return new Finding("SDK", FindingKind.Error, error.Message, error.Code);
        }
    }

    // The directory, or the nearest one above it that exists, as it would be created there.
    private static Finding WriteAccess(string name, FilePath directory)
    {
        string place = Existing(directory.Full);
        string what = place == directory.Full ? $"{directory} can be written." : $"{directory} is not there yet; it can be created.";
        if (File.Exists(directory.Full))
        {
            return new Finding(name, FindingKind.Error, $"{directory} is a file. A directory is to be there.");
        }

        try
        {
            // Named as the temporary files of the SDK, which removes it should this process be killed now.
            string trial = Path.Combine(place, $".kinetra-{Guid.NewGuid():N}.tmp");
            using (new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            return new RunArchive(directory).IsOpenToOthers
                ? new Finding(name, FindingKind.Error, $"{directory} belongs to another user, and everybody may write to it.", DiagnosticCodes.UnsafeStateDirectory)
                : new Finding(name, FindingKind.Ok, what);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding(name, FindingKind.Error, $"{PathDisplay.Of(place)} cannot be written: {error.Message}", DiagnosticCodes.StateUnwritable);
        }
    }

    private static Finding Locks(FilePath directory)
    {
        try
        {
            return RunArchive.LocksWork(Existing(directory.Full))
                ? new Finding("locks", FindingKind.Ok, "Locks keep a second one out.")
                : new Finding("locks", FindingKind.Error, $"A lock in {directory} does not keep a second one out: the file system does not support locks, as some network file systems. Set KinetraStateDirectory to a local one.", DiagnosticCodes.StateUnwritable);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding("locks", FindingKind.Error, $"No lock can be made in {directory}: {error.Message}", DiagnosticCodes.StateUnwritable);
        }
    }

    private static IEnumerable<Finding> Runs(EvaluatedProject project)
    {
        RunArchive archive = new(project.StateDirectory, project.Directory);
        List<ArchivedRun> runs = [];
        List<KinetraException> damaged = [];
        foreach (string id in archive.Ids())
        {
            try
            {
                if (archive.Find(id) is { } run)
                {
                    _ = run.Steps;
                    runs.Add(run);
                }
            }
            catch (KinetraException error)
            {
                damaged.Add(error);
            }
        }

        yield return damaged is [var first, ..]
            ? new Finding("runs", FindingKind.Warning, $"{damaged.Count} of {damaged.Count + runs.Count} journals cannot be read. {first.Message}", first.Code)
            : new Finding("runs", FindingKind.Ok, runs.Count == 0 ? "There is none yet." : $"{runs.Count} recorded, all readable.");
        LockHolder? holder = archive.Holder(project.Workflow);
        ArchivedRun[] killed = [.. runs.Where(run => run.IsKilled)];
        yield return holder is not null ? new Finding("running", FindingKind.Ok, $"{project.Workflow} is being run{(holder.ProcessId is { } process ? $" by process {process} on {holder.Host}" : "")}{(holder.RunId is { } held ? $" (run {held})" : "")}.")
            : killed is [var last, ..] ? new Finding("running", FindingKind.Warning, $"The build of run {last.Id} was killed. The next run records that; to continue it: dotnet build {ShellText.Quote(PathDisplay.Of(project.File))} -p:KinetraResume=true")
            : new Finding("running", FindingKind.Ok, $"Nobody runs {project.Workflow} now.");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ArchivedRun? future = runs.FirstOrDefault(run => run.StartTime > now + TimeSpan.FromSeconds(1));
        yield return future is null
            ? new Finding("clock", FindingKind.Ok, $"{now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC; no run began later.")
            : new Finding("clock", FindingKind.Warning, $"Run {future.Id} began later than now ({now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC): the clock was set back. Runs are told apart by their numbers, but their ids are out of order.");
    }

    private static Finding Disk(FilePath directory)
    {
        try
        {
            DriveInfo drive = new(Existing(directory.Full));
            long free = drive.AvailableFreeSpace;
            string text = $"{ByteSize.Format(free)} of {ByteSize.Format(drive.TotalSize)} are free where {directory} is.";
            return free < TooLittle ? new Finding("disk", FindingKind.Error, text + " A run needs more than that.")
                : free < Scarce ? new Finding("disk", FindingKind.Warning, text)
                : new Finding("disk", FindingKind.Ok, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("disk", FindingKind.Warning, $"How much is free could not be found out: {error.Message}");
        }
    }

    private static string Existing(string directory)
    {
        string place = directory;
        while (!Directory.Exists(place) && Path.GetDirectoryName(place) is { } above)
        {
            place = above;
        }

        return place;
    }
}
