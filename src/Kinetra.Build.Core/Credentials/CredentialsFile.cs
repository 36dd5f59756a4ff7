using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Credentials;

/// <summary>Which files are taken for credentials, so that they should never be committed.</summary>
public static class CredentialsFile
{
    private const UnixFileMode GroupAndOthers = (UnixFileMode)0b000_111_111;

    // Committed on purpose, to show which variables there are.
    private static readonly string[] Examples = [".env.example", ".env.sample", ".env.template", ".env.dist"];

    /// <summary>
    /// Whether a file is taken for one: it is the environment file of the project; or its name is <c>.env</c> or
    /// <c>.env.*</c>, except <c>.env.example</c>, <c>.env.sample</c>, <c>.env.template</c> and <c>.env.dist</c>, in either
    /// case; or it is written with a mode that gives group and others nothing.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="environmentFile">The project's environment file; null if it has none.</param>
    /// <param name="mode">The mode that is asked for explicitly; null if none is.</param>
    public static bool IsOne(FilePath file, FilePath? environmentFile, UnixFileMode? mode)
    {
        string name = Path.GetFileName(file.Full);
        bool isNamedSo = name.Equals(".env", StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !Examples.Contains(name, StringComparer.OrdinalIgnoreCase));
        return isNamedSo || file.Full == environmentFile?.Full || (mode is { } given && (given & GroupAndOthers) == 0);
    }
}
