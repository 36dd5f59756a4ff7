namespace Kinetra.Build.Tasks;

/// <summary>The global properties of a build that the user gave (<c>-p:Name=value</c>), without those that dotnet, the engine and a solution add.</summary>
internal static class UserProperties
{
    // They say where compilers run, and nothing of what comes out.
    private static readonly string[] BuildServers = ["UseSharedCompilation", "UseRazorBuildServer"];

    /// <summary>Whether <c>dotnet build --disable-build-servers</c> was said, for which dotnet sets properties.</summary>
    /// <param name="globals">All global properties.</param>
    public static bool DisableBuildServers(IReadOnlyDictionary<string, string> globals) =>
        Array.TrueForAll(BuildServers, name => globals.TryGetValue(name, out string? value) && value.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of the properties, in order.</summary>
    /// <param name="globals">All global properties (<c>IBuildEngine6.GetGlobalProperties</c>).</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> globals)
    {
        // Pairs would have to be compiled in every build: the runtime has the code for texts only.
        List<string> names = [.. globals.Keys.Where(IsTheUsers)];
        names.Sort(StringComparer.OrdinalIgnoreCase);
        return names;
    }

    private static bool IsTheUsers(string name) =>
        !name.StartsWith('_')
        && !name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("Solution", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("CurrentSolutionConfigurationContents", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("BuildingSolutionFile", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("ShouldUnsetParentConfigurationAndPlatform", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("NuGetInteractive", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(BuildServers, switched => switched.Equals(name, StringComparison.OrdinalIgnoreCase));
}
