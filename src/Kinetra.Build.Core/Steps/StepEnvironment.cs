using System.Globalization;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Tracing;

namespace Kinetra.Build.Core.Steps;

/// <summary>The environment of a step: what the build has, then what the user gives, then what the run tells it.</summary>
public sealed class StepEnvironment
{
    private static readonly Dictionary<string, string> None = [];

    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly string _step;
    private readonly WorkflowRun? _run;
    private readonly string _traceId;
    private readonly bool _isSampled;

    /// <summary>Composes the environment.</summary>
    /// <param name="run">The run; null if the step is only planned.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="inherited">The build's own variables.</param>
    /// <param name="given">The user's, later ones winning.</param>
    public StepEnvironment(WorkflowRun? run, string step, IReadOnlyDictionary<string, string> inherited, params IReadOnlyDictionary<string, string>[] given)
    {
        (_run, _step) = (run, step);

        // Most steps of a large graph are given nothing: they share what the build has.
        LayeredVariables? own = null;
        foreach (IReadOnlyDictionary<string, string> variables in given)
        {
            if (variables.Count == 0)
            {
                continue;
            }

            own ??= new LayeredVariables(inherited, variables.Count);
            foreach ((string name, string value) in variables)
            {
                own[name] = value;
            }
        }

        _variables = own ?? inherited;
        TraceContext? outer = TraceContext.Parse(_variables.GetValueOrDefault(TraceContext.Variable));
        (_traceId, _isSampled) = (outer?.TraceId ?? run?.TraceId ?? "", outer?.IsSampled ?? true);
    }

    /// <summary>The values of some variables, those that are not set left out.</summary>
    /// <param name="names">Their names.</param>
    public IEnumerable<string> ValuesOf(IEnumerable<string> names) =>
        names.Select(name => _variables.GetValueOrDefault(name, "")).Where(value => value.Length > 0);

    /// <summary>The variables, but for those that tell an attempt from another.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>The variables that the step declares as secrets, and their values; those that are not set left out.</summary>
    /// <param name="file">What its environment file gives.</param>
    /// <param name="declared">The names of others.</param>
    public IReadOnlyDictionary<string, string> Secrets(IReadOnlyDictionary<string, string> file, IReadOnlyCollection<string> declared)
    {
        if (file.Count == 0 && declared.Count == 0)
        {
            return None;
        }

        Dictionary<string, string> secrets = new(file, VariableNames.Comparer);
        foreach (string name in declared)
        {
            if (_variables.TryGetValue(name, out string? value))
            {
                secrets[name] = value;
            }
        }

        return secrets;
    }

    /// <summary>The environment of one attempt, and the value in it that no other attempt has.</summary>
    internal (IReadOnlyDictionary<string, string> Variables, string Mark) ForAttempt(int number)
    {
        WorkflowRun run = _run ?? throw new InvalidOperationException("A step that is only planned is not run.");
        // A build within a step carries the outer step's mark before its own, so that both find the inner processes.
        // No secret, only like no other: a version 4 GUID's last 16 digits have 62 random bits.
        string span = Guid.NewGuid().ToString("N")[16..];
        string mark = _variables.GetValueOrDefault("KINETRA_ATTEMPT_ID") is { Length: > 0 } outer ? $"{outer}.{span}" : span;
        LayeredVariables variables = new(_variables, room: 7)
        {
            ["KINETRA_WORKFLOW"] = run.Workflow,
            ["KINETRA_WORKFLOW_ID"] = run.Id,
            ["KINETRA_STEP"] = _step,
            ["KINETRA_ATTEMPT"] = number.ToString(CultureInfo.InvariantCulture),
            ["KINETRA_ATTEMPT_ID"] = mark,
            ["KINETRA_STATE_DIR"] = run.StateDirectory.Full,
            [TraceContext.Variable] = new TraceContext(_traceId, span, _isSampled).ToString(),
        };
        return (variables, "KINETRA_ATTEMPT_ID=" + mark);
    }
}
