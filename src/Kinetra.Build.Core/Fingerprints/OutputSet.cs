using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>The declared outputs of a step: their content once it has succeeded, and whether they still have it.</summary>
public static class OutputSet
{
    /// <summary>The declared outputs that do not exist, as written. A pattern with wildcards may stand for nothing, so it is never among them.</summary>
    /// <param name="identity">The step.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static IReadOnlyList<string> Missing(StepIdentity identity)
    {
        List<string> missing = [];
        foreach (string pattern in identity.Outputs)
        {
            FilePattern parsed = FilePattern.Parse(identity.ProjectDirectory, pattern);
            if (parsed.IsPlain && TargetFile.Status(parsed.Root) is null)
            {
                missing.Add(pattern);
            }
        }

        return missing;
    }

    /// <summary>The outputs as they are now, ordered by path.</summary>
    /// <param name="identity">The step.</param>
    /// <param name="digests">Where digests come from.</param>
    /// <exception cref="KinetraException">As for <see cref="FileSet.Expand"/>.</exception>
    public static IReadOnlyList<OutputDigest> Compute(StepIdentity identity, DigestCache digests)
    {
        List<OutputDigest> outputs = [];
        if (identity.Outputs.Count == 0)
        {
            return outputs;
        }

        foreach ((FilePath file, string sha256) in FileDigests.Compute(FileSet.Expand(identity.ProjectDirectory, identity.Outputs, identity.OwnDirectories), digests))
        {
            outputs.Add(new OutputDigest(file.Display, sha256));
        }

        return outputs;
    }

    /// <summary>The outputs that are not as they were recorded. A file that was added beside them is no change of theirs.</summary>
    /// <param name="recorded">What <see cref="Compute"/> found.</param>
    /// <param name="projectDirectory">What the paths are relative to, absolute.</param>
    /// <param name="digests">Where digests come from.</param>
    /// <returns>Empty if all are as they were.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static IReadOnlyList<OutputChange> Verify(IReadOnlyList<OutputDigest> recorded, string projectDirectory, DigestCache digests)
    {
        List<OutputChange> changes = [];
        foreach (OutputDigest output in recorded)
        {
            string? now = digests.Find(FilePath.Resolve(projectDirectory, output.Path));
            if (now != output.Sha256)
            {
                changes.Add(new OutputChange(output, IsGone: now is null));
            }
        }

        return changes;
    }

    /// <summary>The files that match the declared outputs and were not recorded. Where only single files are declared, nothing is looked at.</summary>
    /// <param name="identity">The step.</param>
    /// <param name="recorded">What <see cref="Compute"/> found, or some of it.</param>
    /// <exception cref="KinetraException">As for <see cref="FileSet.Expand"/>.</exception>
    public static FilePath[] Added(StepIdentity identity, IReadOnlyList<OutputDigest> recorded)
    {
        HashSet<string> known = new(recorded.Count, StringComparer.Ordinal);
        foreach (OutputDigest output in recorded)
        {
            known.Add(output.Path);
        }

        List<string> open = [];
        foreach (string pattern in identity.Outputs)
        {
            FilePattern parsed = FilePattern.Parse(identity.ProjectDirectory, pattern);
            if (!parsed.IsPlain || !known.Contains(parsed.Root.Display))
            {
                open.Add(pattern);
            }
        }

        return Array.FindAll(FileSet.Expand(identity.ProjectDirectory, open, identity.OwnDirectories), file => !known.Contains(file.Display));
    }

    /// <summary>Writes outputs as a JSON object: path to digest.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    /// <param name="outputs">The outputs.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<OutputDigest> outputs)
    {
        json.WriteStartObject();
        foreach (OutputDigest output in outputs)
        {
            json.WriteString(output.Path, output.Sha256);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">Where it is next.</param>
    /// <exception cref="JsonException">It is not there.</exception>
    internal static IReadOnlyList<OutputDigest> Read(ref JsonScanner json)
    {
        List<OutputDigest> outputs = [];
        json.BeginObject();
        while (json.NextProperty())
        {
            outputs.Add(new OutputDigest(json.Name, json.ReadText()));
        }

        return outputs;
    }
}
