namespace Kinetra.Build.Core.Keys;

/// <summary>
/// Environment variables that cannot be kept secret: every binlog has those whose names begin so, with their values, in every version
/// of MSBuild (dotnet/msbuild, <c>EnvironmentUtilities</c>; a test looks at a real one).
/// </summary>
public static class LoggedVariables
{
    private static readonly string[] Prefixes = ["DOTNET_", "MSBUILD", "COMPLUS_"];

    /// <summary>With which of the beginnings a name begins.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <returns>Null for a name that can be kept secret.</returns>
    public static string? PrefixOf(string variable) =>
        Prefixes.FirstOrDefault(prefix => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Refuses names that cannot be kept secret.</summary>
    /// <param name="setting">The property or parameter that lists them.</param>
    /// <param name="variables">The names.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.LoggedVariable"/>.</exception>
    public static void Refuse(string setting, IEnumerable<string> variables)
    {
        foreach (string variable in variables)
        {
            if (PrefixOf(variable) is { } prefix)
            {
                throw new KinetraException(DiagnosticCodes.LoggedVariable, $"{setting}: the environment variable {variable} cannot be kept secret: MSBuild writes the variables that begin with {prefix} to every binlog. Put the secret into a variable with another name, or into the environment file.");
            }
        }
    }
}
