namespace Kinetra.Build.Core;

/// <summary>The names of environment variables.</summary>
public static class VariableNames
{
    /// <summary>How they are compared: case does not count on Windows.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
