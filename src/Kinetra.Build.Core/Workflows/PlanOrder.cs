using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Workflows;

/// <summary>In which order the steps of a plan start, and which ones are skipped because others fail before they begin.</summary>
internal sealed class PlanOrder
{
    private readonly List<int> _order = [];
    private readonly Dictionary<int, SkippedStep> _skipped = [];

    /// <summary>Goes through a run in no time.</summary>
    /// <param name="scheduler">Decides, as in the run; it is used up.</param>
    /// <param name="seconds">How long each step takes.</param>
    /// <param name="fails">Whether a step fails before it begins; all others succeed.</param>
    public PlanOrder(Scheduler scheduler, double[] seconds, Func<int, bool> fails)
    {
        EventHeap ends = new();
        double now = 0;
        while (true)
        {
            while (scheduler.TryTakeSkipped(out SkippedStep skipped))
            {
                _order.Add(skipped.Step);
                _skipped.Add(skipped.Step, skipped);
            }

            while (scheduler.TryStart(out int step))
            {
                _order.Add(step);
                ends.Push(now + seconds[step], step);
            }

            if (ends.Count == 0)
            {
                return;
            }

            now = ends.Pop(out int next);
            scheduler.End(next, fails(next) ? StepEnd.Failed : StepEnd.Succeeded);
        }
    }

    /// <summary>The selected steps: where they start, or where it shows that they do not.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>Those that do not start.</summary>
    public IReadOnlyDictionary<int, SkippedStep> Skipped => _skipped;
}
