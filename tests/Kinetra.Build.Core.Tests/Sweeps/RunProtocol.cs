using System.Text.RegularExpressions;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// Follows the log of a run of a workflow and says which steps are said to be done before the journal has them durably: what
/// a power cut would forget. The model is that of <see cref="Protocol"/>.
/// </summary>
internal static partial class RunProtocol
{
    /// <summary>What is wrong with the order of the calls.</summary>
    /// <param name="run">The run.</param>
    /// <param name="root">Where it worked.</param>
    public static IReadOnlyList<string> Violations(TracedRun run, string root)
    {
        HashSet<string> unflushed = [];
        HashSet<string> unnamed = [];
        List<string> violations = [];
        foreach (SystemCall call in run.Calls.Where(call => call.Succeeded))
        {
            if (call.Name == "write" && Said().Match(call.Arguments) is { Success: true } said)
            {
                violations.AddRange(unflushed.Where(IsJournal).Select(_ => $"{said.Groups["name"].Value} before the journal is flushed"));
                violations.AddRange(unnamed.Where(IsJournal).Select(_ => $"{said.Groups["name"].Value} before the journal's name is durable"));
                continue;
            }

            string[] paths = [.. call.Paths().Where(path => path.StartsWith(root, StringComparison.Ordinal))];
            if (paths.Length == 0)
            {
                continue;
            }

            if (call.Flushes)
            {
                unflushed.Remove(paths[0]);
                unnamed.RemoveWhere(path => Path.GetDirectoryName(path) == paths[0]);
            }
            else if (call.Name.StartsWith("rename", StringComparison.Ordinal))
            {
                violations.AddRange(IsJournal(paths[1]) && unflushed.Contains(paths[0]) ? ["the journal gets its name before its content is flushed"] : []);
                unflushed.Remove(paths[0]);
                unnamed.Add(paths[1]);
            }
            else if (call.Writes)
            {
                unflushed.Add(paths[0]);
            }
        }

        return violations;
    }

    private static bool IsJournal(string path) => path.EndsWith(RunJournal.Extension, StringComparison.Ordinal);

    [GeneratedRegex("\"(?<name>done [^\"]*|ok)\\\\n\", \\d+$")]
    private static partial Regex Said();
}
