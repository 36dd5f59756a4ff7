using System.Collections;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>A name for a build that all its nodes know, and no other build has.</summary>
internal static class BuildIdentity
{
    private const string Target = "GetId";

    /// <summary>The name.</summary>
    /// <param name="engine">The build.</param>
    public static string Of(IBuildEngine engine)
    {
        string tasks = Path.GetDirectoryName(typeof(BuildIdentity).Assembly.Location)!;
        string project = Path.GetFullPath(Path.Combine(tasks, "../../build", "Kinetra.Build.BuildId.proj"));

        // Without the global properties of this project, or there would be a name for each set of them.
        IList<string> inherited = [.. ((IBuildEngine6)engine).GetGlobalProperties().Keys];
        BuildEngineResult result = ((IBuildEngine3)engine).BuildProjectFilesInParallel([project], [Target], new IDictionary[1], [inherited], new string[1], returnTargetOutputs: true);
        return result.Result && result.TargetOutputsPerProject[0][Target] is { Length: > 0 } items
            ? items[0].ItemSpec
            : throw new InvalidOperationException($"{project} does not name the build.");
    }
}
