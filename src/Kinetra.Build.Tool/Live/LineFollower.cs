using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Live;

/// <summary>Follows a run where there is no terminal: a line for each step that begins or ends, or a JSON object a line whenever something has changed.</summary>
/// <param name="json">Whether JSON is wanted.</param>
internal sealed class LineFollower(bool json)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, StepStatus> _told = [];
    private string _last = "";

    /// <summary>Follows until the run ends.</summary>
    /// <param name="find">Gives the run as it is now; null if it is gone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The run as it was last; null if it was never there.</returns>
    public ArchivedRun? Follow(Func<ArchivedRun?> find, CancellationToken cancellation)
    {
        ArchivedRun? run = null;
        while (true)
        {
            ArchivedRun? now = find();
            run = now ?? run;
            if (now is null)
            {
                return run;
            }

            Tell(now);
            if (!now.IsAlive || cancellation.WaitHandle.WaitOne(Pause))
            {
                return now;
            }
        }
    }

    private void Tell(ArchivedRun run)
    {
        if (json)
        {
            System.Text.Json.Nodes.JsonObject state = RunJson.Whole(run);
            string text = state.ToJsonString();
            if (text != _last)
            {
                JsonOutput.PrintLine(state);
                _last = text;
            }

            return;
        }

        if (_told.Count == 0 && _last.Length == 0)
        {
            Screen.Line(_last = StatusView.Head(RunFacts.WithoutSteps(run)));
        }

        foreach (StepRecord step in run.Steps.Where(step => !_told.TryGetValue(step.Number, out StepStatus told) || told != step.Status))
        {
            _told[step.Number] = step.Status;
            StepFacts facts = StepFacts.Of(step);
            string time = step.Status == StepStatus.Running ? "" : StatusView.Time(facts);
            string note = StatusView.Note(facts);
            Screen.Line($"  {StatusStyle.Sign(step.Status)} {StatusView.Name(step)} {step.Status.Word()}{(time.Length > 0 ? " " + time : "")}{(step.AttemptsBegun > 1 ? $" (attempt {step.AttemptsBegun})" : "")}{(note.Length > 0 ? ": " + note : "")}");
        }
    }
}
