using System.Xml;
using Kinetra.Build.Core;

namespace Kinetra.Build.Tasks;

/// <summary>The targets that a project's own file has; those that it imports are known to the engine only.</summary>
internal static class TargetNames
{
    /// <summary>What a message about a target that is not there ends with: <c> Did you mean the target "…"?</c>, or nothing.</summary>
    /// <param name="project">The project's file.</param>
    /// <param name="targets">The targets that are to be built, one of which may not exist.</param>
    public static string Hint(string project, IReadOnlyList<string> targets)
    {
        HashSet<string> names = Read(project);
        return targets.Where(target => !names.Contains(target)).Select(target => NearestName.Find(target, names)).FirstOrDefault(name => name is not null) is { } meant
            ? $" Did you mean the target \"{meant}\"?"
            : "";
    }

    private static HashSet<string> Read(string project)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            using XmlReader reader = XmlReader.Create(project, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "Target" && reader.GetAttribute("Name") is { } name)
                {
                    names.Add(name);
                }
            }
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            // The engine has said what is wrong with it.
        }

        return names;
    }
}
