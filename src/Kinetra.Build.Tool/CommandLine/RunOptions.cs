using System.CommandLine;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.CommandLine;

/// <summary>
/// What every command that looks at runs has: <c>--workflow</c>, <c>--state</c>, <c>--project</c> and <c>--property</c>, which say where
/// the runs are, and <c>--json</c>.
/// </summary>
internal sealed class RunOptions
{
    private readonly Option<string?> _workflow;
    private readonly Option<string?> _state = CommonOptions.State();
    private readonly Option<string?> _project = CommonOptions.Project();
    private readonly Option<string[]> _properties = CommonOptions.Properties();
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Adds them to a command, behind its own.</summary>
    /// <param name="command">The command.</param>
    /// <param name="workflow">Its own <c>--workflow</c>; null for the common one.</param>
    public RunOptions(Command command, Option<string?>? workflow = null)
    {
        _workflow = workflow ?? CommonOptions.Workflow();
        foreach (Option option in (Option[])[_workflow, _state, _project, _properties, _json])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The workflow; null if it is not given.</summary>
    public string? Workflow(ParseResult parsed) => parsed.GetValue(_workflow);

    /// <summary>Whether to print JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The runs.</summary>
    /// <exception cref="KinetraException">They are not found.</exception>
    public RunArchive Archive(ParseResult parsed) => StateFinder.Find(parsed.GetValue(_state), parsed.GetValue(_project), parsed.GetValue(_properties) ?? []);

    /// <summary>One of the runs.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="archive">The runs.</param>
    /// <param name="run">The run as given; null for the last one.</param>
    /// <exception cref="KinetraException">It is not found.</exception>
    public ArchivedRun Run(ParseResult parsed, RunArchive archive, string? run) => RunChoice.Find(archive, run, Workflow(parsed));
}
