namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>The program that the sweeps kill: <c>tests/Kinetra.Build.Torture</c>.</summary>
internal static class Victim
{
    /// <summary>Where it is.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Kinetra.Build.Torture");

    /// <summary>Runs it as it is.</summary>
    /// <param name="arguments">Its verb and the rest.</param>
    public static ProcessResult Run(params string[] arguments) => Strace.Execute(Program, arguments);

    /// <summary>Sets the variables that it needs.</summary>
    public static void Prepare(IDictionary<string, string?> environment)
    {
        // Its diagnostics would leave a socket in /tmp each time that it is killed.
        environment["DOTNET_EnableDiagnostics"] = "0";
        environment["LC_ALL"] = "C";
    }
}
