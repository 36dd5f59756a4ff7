using Kinetra.Build.Core;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;

namespace Kinetra.Build.Tool.Credentials;

/// <summary>Looks at an environment file without showing a value of it.</summary>
internal static class EnvironmentCheck
{
    /// <summary>The findings.</summary>
    /// <param name="project">The project.</param>
    /// <param name="file">The file; it need not exist.</param>
    /// <param name="required">The variables that must be set; none to check those in the file.</param>
    public static IReadOnlyList<Finding> Run(EvaluatedProject project, FilePath file, IReadOnlyList<string> required)
    {
        List<Finding> findings = [];
        bool exists = File.Exists(file.Full);
        if (exists || required.Count == 0)
        {
            try
            {
                IReadOnlyDictionary<string, string> variables = EnvironmentFile.Read(file);
                findings.Add(new Finding("file", FindingKind.Ok, $"{file} has {variables.Count} {(variables.Count == 1 ? "variable" : "variables")}."));
                required = required.Count > 0 ? required : [.. variables.Keys];
            }
            catch (KinetraException error)
            {
                findings.Add(Of("file", error));
                return findings;
            }
        }

        findings.AddRange(Variables(project, file, required));
        if (exists)
        {
            findings.Add(Mode(file));
            findings.Add(Checksum(project, file));
            GitIgnoreResult ignored = project.GitIgnore.Check(file);
            findings.Add(ignored.Warning is { } warning ? Of("git", warning) : new Finding("git", FindingKind.Ok, ignored.Debug ?? $"{file} is not going to be committed."));
        }

        return findings;
    }

    private static IEnumerable<Finding> Variables(EvaluatedProject project, FilePath file, IReadOnlyList<string> required)
    {
        CredentialCheck check = new(file, isRecorded: false, DotNetCommand.Variables(), CredentialCheck.DefaultPlaceholders, PathDisplay.Of(project.File));
        foreach (string name in required)
        {
            yield return check.Run([name]) is [var error, ..] ? Of(name, error) : new Finding(name, FindingKind.Ok, "is set.");
        }
    }

    private static Finding Mode(FilePath file)
    {
        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        if (OperatingSystem.IsWindows())
        {
            return new Finding("mode", FindingKind.Ok, "The rights of the directory apply.");
        }

        UnixFileMode mode = File.GetUnixFileMode(file.Full);
        return (mode & Others) == 0
            ? new Finding("mode", FindingKind.Ok, $"{UnixMode.Format(mode)}: for its owner alone.")
            : new Finding("mode", FindingKind.Error, $"{UnixMode.Format(mode)}: others may read it. Run: chmod 600 {ShellText.Quote(file.Display)}");
    }

    private static Finding Checksum(EvaluatedProject project, FilePath file)
    {
        try
        {
            return project.Checksums.Find(file) is not { } record ? new Finding("checksum", FindingKind.Ok, "None is recorded; the first use of the file records it.")
                : record.Accepts(FileDigest.Compute(file)) ? new Finding("checksum", FindingKind.Ok, "The file has its recorded content.")
                : Of("checksum", project.Checksums.Mismatch(file));
        }
        catch (KinetraException error)
        {
            return Of("checksum", error);
        }
    }

    private static Finding Of(string name, KinetraException error) => new(name, FindingKind.Error, error.Message, error.Code);
}
