using System.Collections.Concurrent;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>Asks each tool once for a run, as many steps declare the same ones.</summary>
internal sealed class KnownTools
{
    private readonly ConcurrentDictionary<string, Lazy<string?>> _answers = new();

    /// <summary>The tools of a step, with the answers that other steps got.</summary>
    public ITools Of(ITools tools) => new Shared(tools, _answers);

    private sealed class Shared(ITools tools, ConcurrentDictionary<string, Lazy<string?>> answers) : ITools
    {
        public string? Find(string program) => tools.Find(program);

        public string? Ask(string commandLine) => answers.GetOrAdd(commandLine, line => new Lazy<string?>(() => tools.Ask(line))).Value;
    }
}
