using System.Reflection;

namespace Kinetra.Build.Testing;

/// <summary>Where the repository's files are.</summary>
public static class Repository
{
    /// <summary>The repository's root, with a separator at its end.</summary>
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>A path in the repository.</summary>
    /// <param name="parts">The parts below the root.</param>
    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);
}
