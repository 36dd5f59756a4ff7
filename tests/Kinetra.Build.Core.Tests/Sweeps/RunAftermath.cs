using System.Text.Json;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Torture;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// What has to be true of a state directory after a run of a workflow was killed, or after one of its calls failed. Every check
/// returns what is wrong; an empty list is a pass.
/// </summary>
internal sealed partial class RunAftermath
{
    private readonly Operation _operation;
    private readonly Workspace _workspace;
    private readonly string[] _done;
    private readonly List<string> _problems = [];

    // What the victim began with knew the first step.
    private RunAftermath(Operation operation, Workspace workspace, string output) =>
        (_operation, _workspace, _done) = (operation, workspace, [.. Done().Matches(output).Select(match => match.Groups["name"].Value), .. operation.Verb == "workflow-continued" ? (string[])["a"] : []]);

    /// <summary>After a kill, or an error: no journal is damaged, no step that was done is forgotten, and the next run works, continued or not.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="workspace">Where.</param>
    /// <param name="output">What the victim said.</param>
    public static IReadOnlyList<string> Of(Operation operation, Workspace workspace, string output)
    {
        RunAftermath look = new(operation, workspace, output);
        look.JournalsAreSound();
        look.TheNextRunWorks(resume: false);
        look.TheNextRunWorks(resume: true);
        return look._problems;
    }

    /// <summary>After a run to its end, with a call that failed.</summary>
    public static IReadOnlyList<string> OfFault(Operation operation, Workspace workspace, TracedRun run, SystemCall failed, string error)
    {
        List<string> problems = [];
        if (run.ExitCode == 0)
        {
            string[] missing = [.. RunOperation.Steps.Where(step => operation.Verb == "workflow" && !run.Output.Contains("done " + step, StringComparison.Ordinal))];
            problems.AddRange(missing.Select(step => $"ok without {step}"));
            IReadOnlyList<(RecordedRun Run, string State)> runs = Runs(workspace);
            problems.AddRange(runs[^1].Run.Run.Status == RunStatus.Completed ? [] : ["ok, but the journal does not say so"]);
        }
        else if (run.ExitCode != 1 || !Coded().IsMatch(run.Output.Split('\n').SkipWhile(line => line.StartsWith("done ", StringComparison.Ordinal)).First()))
        {
            problems.Add($"exit code {run.ExitCode}: {run.Output.Trim()}");
        }

        if (failed.Flushes && failed.Paths()[0].EndsWith(RunJournal.Extension, StringComparison.Ordinal) && error != "EINTR")
        {
            problems.AddRange(run.ExitCode == 0 ? ["says ok though a flush of the journal failed"] : []);
            problems.AddRange(Protocol.FlushesAfterFailure(run.Calls));
            problems.AddRange(RunProtocol.Violations(run, workspace.Root));
        }

        return [.. problems, .. Of(operation, workspace, run.Output)];
    }

    private void JournalsAreSound()
    {
        try
        {
            IReadOnlyList<(RecordedRun Run, string State)> runs = Runs(_workspace);
            string[] known = [.. runs.SelectMany(run => run.Run.KnownSteps()).Where(step => step.Status == StepStatus.Completed).Select(step => step.Name)];
            _problems.AddRange(_done.Except(known).Select(step => $"{step} was said to be done, and no journal knows it"));
        }
        catch (KinetraException error)
        {
            _problems.Add($"a journal is damaged: {error.Code} {error.Message}");
        }
    }

    private void TheNextRunWorks(bool resume)
    {
        string when = resume ? "continued" : "from the start";
        using Workspace copy = _workspace.Copy();
        try
        {
            using (WorkflowRun run = WorkflowRun.Start(RunOperation.Settings(copy.Scene, resume), new FixedTime()))
            {
                _problems.AddRange(run.Damage is { } damage ? [$"{when}: {damage.Code} {damage.Message}"] : []);
                if (resume && run.Previous is { Status: not RunStatus.Completed })
                {
                    _problems.AddRange(_done.Where(step => run.Prior(step, 1) is not { Status: StepStatus.Completed }).Select(step => $"{when}: {step} was done, and is run again"));
                }

                foreach (string name in RunOperation.Steps)
                {
                    run.End(run.Begin(name, critical: true), StepStatus.Completed, 1, 0, null, null);
                }

                run.Finish(RunStatus.Completed);
            }

            // All of them have ended now, and their states say the same as their journals.
            foreach ((RecordedRun run, string state) in Runs(copy))
            {
                using JsonDocument json = JsonDocument.Parse(state.Length == 0 ? "{}" : state);
                string? status = json.RootElement.TryGetProperty("status", out JsonElement word) ? word.GetString() : null;
                if (run.Run.Status == RunStatus.Running || status != run.Run.Status.Word())
                {
                    _problems.Add($"{when}: the state of run {run.Run.Id} is {status ?? "gone"}, its journal says {run.Run.Status.Word()}");
                }
            }

            _problems.AddRange(copy.Files().Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)).Select(file => $"{when}: {SystemCall.Anonymous(file)} is left"));
        }
        catch (Exception error) when (error is KinetraException or IOException or UnauthorizedAccessException or JsonException)
        {
            _problems.Add($"{when}: the next run fails: {error.Message}");
        }
    }

    // In the order of their numbers.
    private static IReadOnlyList<(RecordedRun Run, string State)> Runs(Workspace workspace)
    {
        FilePath directory = workspace.Scene.Path(Scene.StateName);
        if (!Directory.Exists(directory.Full))
        {
            return [];
        }

        List<(RecordedRun Run, string State)> runs = [];
        foreach (string id in RunHistory.Ids(directory))
        {
            RecordedRun run = RecordedRun.TryRead(directory, id)!;
            run.ReadSteps();
            string state = directory.Combine(id + ".json").Full;
            runs.Add((run, File.Exists(state) ? File.ReadAllText(state) : ""));
        }

        return [.. runs.OrderBy(run => run.Run.Run.Number)];
    }

    [GeneratedRegex("(?m)^done (?<name>.+)$")]
    private static partial Regex Done();

    [GeneratedRegex(@"^KIN\d{4}: ")]
    private static partial Regex Coded();
}
