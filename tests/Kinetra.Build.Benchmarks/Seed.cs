using Kinetra.Build.Testing;

namespace Kinetra.Build.Benchmarks;

/// <summary>The Python WorkflowManager that Kinetra.Build replaces. Not a part of this repository: beside it, or where KINETRA_SEED says.</summary>
internal static class Seed
{
    /// <summary>Its module; null, with a line that says so, if it is not there or there is no Python.</summary>
    public static string? Find()
    {
        string folder = Environment.GetEnvironmentVariable("KINETRA_SEED") ?? Path.GetFullPath(Repository.PathTo("..", "shared", "seed"));
        string? module = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "workflow_manager.py", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (module is null)
        {
            Programs.Skip("the seed", $"no workflow_manager.py below {folder}");
            return null;
        }

        return Programs.Has("python3", "the seed") ? module : null;
    }
}
