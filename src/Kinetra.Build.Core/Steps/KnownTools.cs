using System.Collections.Concurrent;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Asks each tool once for a run, as many steps declare the same ones. Once for each directory and set of variables, that is: a
/// global.json or a PATH of the step's own makes <c>dotnet --version</c> another question.
/// </summary>
internal sealed class KnownTools
{
    private readonly ConcurrentDictionary<string, Lazy<string?>> _answers = new();

    /// <summary>The tools of a step, with the answers that other steps got.</summary>
    /// <param name="tools">Finds and asks them for the step.</param>
    /// <param name="identity">The step.</param>
    public ITools Of(ITools tools, StepIdentity identity) => new Shared(tools, identity, _answers);

    private static string Place(StepIdentity identity) => TextHash.Of(
    [
        identity.WorkingDirectory.Full,
        .. identity.Variables.Concat(identity.Secrets).OrderBy(variable => variable.Key, StringComparer.Ordinal).SelectMany(variable => new[] { variable.Key, variable.Value }),
    ]);

    private sealed class Shared(ITools tools, StepIdentity identity, ConcurrentDictionary<string, Lazy<string?>> answers) : ITools
    {
        public string? Find(string program) => tools.Find(program);

        public string? Ask(string commandLine) => answers.GetOrAdd(Place(identity) + commandLine, _ => new Lazy<string?>(() => tools.Ask(commandLine))).Value;
    }
}
