namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Finds and asks the tools of a step, in the environment that the step gets. Steps ask the same ones, so answers are worth keeping for a run.</summary>
public interface ITools
{
    /// <summary>Finds a program as the step would.</summary>
    /// <param name="program">A path, or a name to be looked up in <c>PATH</c>.</param>
    /// <returns>Its absolute path; null if there is none.</returns>
    string? Find(string program);

    /// <summary>Runs a command line as the step would.</summary>
    /// <param name="commandLine">The line, such as <c>dotnet --version</c>.</param>
    /// <returns>What it printed; null if it could not be run or failed.</returns>
    string? Ask(string commandLine);
}
