using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>
/// Tells what would become of each step of a graph. It is decided as in a run, by things as they are now. Of a step before which others run, or before which
/// what it reads comes back from the cache, that is no more than a guess: it is certain to run only if nothing that an earlier run or the cache knows of it
/// can be the same, whatever those before it make.
/// </summary>
internal sealed class PlanForesight
{
    private readonly StepGraph _graph;
    private readonly IReadOnlyList<WorkflowStep> _steps;
    private readonly IReadOnlyList<bool> _selected;
    private readonly StepReuse _reuse;
    private readonly PlannedStep[] _planned;
    private readonly StepRecord?[] _records;

    // Of each step, what is before those that depend on it.
    private readonly PlanBefore[] _from;
    private readonly IReadOnlyList<string>[] _restored;
    private readonly HashSet<string> _allRestored = [];
    private DeclaredOutputs? _outputs;

    /// <summary>Prepares to look.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Its steps, in the same order.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="reuse">Decides which of them would be run; made for a preview.</param>
    public PlanForesight(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, StepReuse reuse)
    {
        (_graph, _steps, _selected, _reuse) = (graph, steps, selected, reuse);
        (_planned, _records, _from) = (new PlannedStep[steps.Count], new StepRecord?[steps.Count], new PlanBefore[steps.Count]);
        _restored = new IReadOnlyList<string>[steps.Count];
        Array.Fill(_restored, []);
    }

    /// <summary>What would become of each step.</summary>
    public PlannedStep[] Foresee()
    {
        foreach (int step in _graph.Order)
        {
            PlanBefore before = Before(step);
            if (_selected[step])
            {
                _planned[step] = Foresee(step, before);
            }
            else
            {
                _records[step] = _reuse.Done(Name(step));
                _planned[step] = new PlannedStep(step, PlannedAction.LeaveOut, "not selected");
            }

            _from[step] = From(step, before);
        }

        return _planned;
    }

    private string Name(int step) => _graph.Steps[step].Name;

    private PlanBefore Before(int step)
    {
        PlanBefore before = default;
        foreach (Dependency dependency in _graph.DependenciesOf(step))
        {
            before = before.And(_from[dependency.Step]);
        }

        return before;
    }

    private PlanBefore From(int step, in PlanBefore before)
    {
        bool runs = _planned[step].Action is PlannedAction.Run or PlannedAction.PerhapsRun;
        PlanBefore own = new()
        {
            Running = runs ? Name(step) : null,
            Restored = _restored[step].Count > 0 ? Name(step) : null,
            MakesAnything = runs && _graph.Steps[step].Outputs.Count == 0,
        };
        return own.And(before);
    }

    private PlannedStep Foresee(int step, PlanBefore before)
    {
        IStepWork work = _steps[step].Work;
        List<StepRecord> upstream = [];
        foreach (Dependency dependency in _graph.DependenciesOf(step))
        {
            if (_records[dependency.Step] is { } record)
            {
                upstream.Add(record);
            }
        }

        try
        {
            StepDecision decision = _reuse.Decide(_steps[step].Definition, work, 1, new StepContext(upstream) { IsAlways = _graph.Steps[step].Always });
            string? unsettled = WhyUnsettled(step, decision.Identity, before);
            bool isKnown = decision.IsTakenOver || decision.Cached is not null;
            if (unsettled is null)
            {
                return isKnown ? Reuse(step, decision) : new PlannedStep(step, PlannedAction.Run, decision.Reason);
            }

            return isKnown ? new PlannedStep(step, PlannedAction.PerhapsRun, unsettled)
                : MayBeKnown(step, decision.Identity, decision.Fingerprint, before) ? new PlannedStep(step, PlannedAction.PerhapsRun, $"{decision.Reason}, but {unsettled}")
                : new PlannedStep(step, PlannedAction.Run, decision.Reason);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.InputMissing)
        {
            StepIdentity identity = work.Identify(1);
            return WhyUnsettled(step, identity, before) is not { } unsettled ? Failing(step, error)
                : MayBeKnown(step, identity, null, before) ? new PlannedStep(step, PlannedAction.PerhapsRun, unsettled)
                : new PlannedStep(step, PlannedAction.Run, $"what it reads is not there yet; {(before.Running is { } running ? $"\"{running}\" runs" : $"\"{before.Restored}\" comes back from the cache")} before it");
        }
        catch (KinetraException error)
        {
            // The environment file, for one, may be what a step before it makes.
            PlannedStep failing = Failing(step, error);
            return (before.Running ?? before.Restored) is { } earlier
                ? failing with { Action = PlannedAction.PerhapsRun, Reason = $"unless \"{earlier}\" before it changes that, it fails: {failing.Reason}" }
                : failing;
        }
    }

    private PlannedStep Failing(int step, KinetraException error) => new(step, PlannedAction.Fail, $"{error.Code}: {_steps[step].Work.Mask(error.Message)}");

    private PlannedStep Reuse(int step, StepDecision decision)
    {
        _records[step] = decision.Cached is { } cached ? StepRecord.OfReused(Name(step), cached) : decision.Prior;
        if (decision.Cached is { Restored: { Count: > 0 } restored })
        {
            _restored[step] = [.. restored.Select(path => FilePath.Resolve(decision.Identity.ProjectDirectory, path).Full)];
            _allRestored.UnionWith(_restored[step]);
        }

        return new PlannedStep(step, PlannedAction.Reuse, decision.Reason);
    }

    // Why what it reads now may not be what it will read; null if it is.
    private string? WhyUnsettled(int step, StepIdentity identity, in PlanBefore before) =>
        before.Running is { } running ? $"depends on what \"{running}\" makes, which runs before it"
        : before.Restored is { } restored && ReadsRestored(step, identity) ? $"depends on what \"{restored}\" makes, which comes back from the cache before it"
        : null;

    // Steps that make what another one declares to read are always among those that it depends on.
    private bool ReadsRestored(int step, StepIdentity identity)
    {
        if (identity.Tools.Count > 0 || identity.Secrets.Count > 0 || CommandFiles.Of(identity).NamesAny(_allRestored))
        {
            return true;
        }

        FilePattern[] inputs = FilePattern.ParseAll(identity.ProjectDirectory, identity.Inputs);
        return _graph.DependenciesOf(step).Any(dependency => _restored[dependency.Step].Any(path => Array.Exists(inputs, input => input.Matches(path))));
    }

    private bool MayBeKnown(int step, StepIdentity identity, Fingerprint? now, PlanBefore before) =>
        !_graph.Steps[step].Always && _reuse.MayBeKnown(_steps[step].Definition, identity, now, label => IsSettled(label, identity, before.MakesAnything));

    private bool IsSettled(string label, StepIdentity identity, bool makesAnything) => ComponentLabel.IsFile(label)
        ? !makesAnything && !(_outputs ??= new DeclaredOutputs(_graph, identity.ProjectDirectory)).Has(ComponentLabel.FileOf(label))
        : !ComponentLabel.IsAnswer(label);
}
