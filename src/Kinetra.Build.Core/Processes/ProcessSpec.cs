namespace Kinetra.Build.Core.Processes;

/// <summary>A program to run.</summary>
/// <param name="Arguments">The program and its arguments, which reach it verbatim, without a shell.</param>
/// <param name="WorkingDirectory">Absolute; it exists.</param>
/// <param name="Environment">The whole environment of the program.</param>
/// <param name="Mark">
/// A value of the environment that no other process has: by it, children that moved to a session of their own are found
/// when the tree has to end.
/// </param>
public sealed record ProcessSpec(IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment, string Mark)
{
    /// <summary>The absolute path of the program, where it is known already; null: the first argument is looked up.</summary>
    public string? Program { get; init; }

    /// <summary>The arguments that hand a line to the shell: <c>/bin/sh -c</c>, on Windows <c>cmd /d /s /c</c>.</summary>
    /// <param name="line">The line.</param>
    public static IReadOnlyList<string> Shell(string line) =>
        OperatingSystem.IsWindows() ? ["cmd.exe", "/d", "/s", "/c", line] : ["/bin/sh", "-c", line];
}
