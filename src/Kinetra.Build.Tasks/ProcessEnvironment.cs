using System.Collections;

namespace Kinetra.Build.Tasks;

/// <summary>The environment of the build's process, as a dictionary.</summary>
internal static class ProcessEnvironment
{
    /// <summary>The variables as they are now; names ignore case on Windows.</summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        Dictionary<string, string> variables = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
