using System.Collections;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Tasks;

/// <summary>The environment of the build's process, as a dictionary.</summary>
internal static class ProcessEnvironment
{
    /// <summary>The variables as they are now; names ignore case on Windows.</summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        Dictionary<string, string> variables = new(VariableNames.Comparer);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    /// <summary>A masker for the values that some variables have now.</summary>
    /// <param name="names">The variables.</param>
    public static SecretMasker MaskerOf(IEnumerable<string> names) => new(names.Select(name => Environment.GetEnvironmentVariable(name) ?? ""));
}
