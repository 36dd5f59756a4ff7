namespace Kinetra.Build.Core.Publishing;

/// <summary>A service that runs builds and understands what they print in a form of its own.</summary>
public enum CiService
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>GitHub Actions, and what behaves like it (Gitea, Forgejo).</summary>
    GitHub,

    /// <summary>Azure Pipelines.</summary>
    AzurePipelines,

    /// <summary>TeamCity.</summary>
    TeamCity,
}

/// <summary>Finds out which service runs the build.</summary>
public static class CiEnvironment
{
    /// <summary>
    /// The service, by the variable that each documents for that: <c>GITHUB_ACTIONS</c> and <c>TF_BUILD</c>, which are true, and
    /// <c>TEAMCITY_VERSION</c>, which has a value.
    /// </summary>
    /// <param name="variable">Gives the value of a variable; null if it is not set.</param>
    public static CiService Detect(Func<string, string?> variable) =>
        IsTrue(variable("GITHUB_ACTIONS")) ? CiService.GitHub
        : IsTrue(variable("TF_BUILD")) ? CiService.AzurePipelines
        : string.IsNullOrEmpty(variable("TEAMCITY_VERSION")) ? CiService.None
        : CiService.TeamCity;

    private static bool IsTrue(string? value) => "true".Equals(value, StringComparison.OrdinalIgnoreCase);
}
