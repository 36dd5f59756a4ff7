using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>Names of files that belong to a workflow, unlike those of any other workflow in the directory.</summary>
internal static class WorkflowFileName
{
    private const int DigestLength = 12;

    /// <summary>The name. Where the workflow's name is no plain file name, the beginning of its SHA-256 tells it from others.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="extension">With its dot.</param>
    public static string Of(string workflow, string extension)
    {
        string safe = SafeFileName.From(workflow);
        return safe == workflow
            ? safe + extension
            : $"{safe}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workflow)))[..DigestLength]}{extension}";
    }
}
