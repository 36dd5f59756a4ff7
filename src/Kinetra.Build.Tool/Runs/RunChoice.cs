using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Runs;

/// <summary>Finds the run and the step that a user means.</summary>
internal static class RunChoice
{
    /// <summary>The run.</summary>
    /// <param name="archive">The runs.</param>
    /// <param name="text">Its id, an unmistakable beginning or end of it, <c>last</c> or <c>previous</c>; null for the last one.</param>
    /// <param name="workflow">The workflow; null for the one that ran last.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoRuns"/>, <see cref="DiagnosticCodes.UnknownRun"/>, or the run cannot be read.</exception>
    public static ArchivedRun Find(RunArchive archive, string? text, string? workflow)
    {
        IReadOnlyList<string> ids = archive.Ids();
        if (ids.Count == 0)
        {
            throw new KinetraException(DiagnosticCodes.NoRuns, $"There is no run in {archive.Directory}. Run the workflow first: dotnet build.");
        }

        if (text is null or "last" or "previous")
        {
            ArchivedRun last = archive.Last(workflow) ?? throw UnknownWorkflow(archive, ids, workflow);
            return text != "previous" ? last : Before(archive, ids, last) ?? throw new KinetraException(DiagnosticCodes.UnknownRun, $"There is no run of {last.Workflow} before {last.Id} in {archive.Directory}.");
        }

        string[] meant = ids.Contains(text) ? [text] : [.. ids.Where(id => id.StartsWith(text, StringComparison.Ordinal) || id.EndsWith(text, StringComparison.Ordinal))];
        return meant switch
        {
            [var id] when archive.Find(id) is { } run => run,
            { Length: > 1 } => throw new KinetraException(DiagnosticCodes.UnknownRun, $"\"{text}\" may be any of {meant.Length} runs: {string.Join(", ", meant.Take(5))}{(meant.Length > 5 ? " …" : "")}. Write more of the id."),
            _ => throw new KinetraException(DiagnosticCodes.UnknownRun, $"There is no run \"{text}\" in {archive.Directory}.{NearestName.Hint(text, ids.Concat(["last", "previous"]))} kinetra history lists them."),
        };
    }

    /// <summary>The step.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">Its name; <c>name#2</c> for the second one of that name.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnknownStep"/>.</exception>
    public static StepRecord FindStep(ArchivedRun run, string name)
    {
        int hash = name.LastIndexOf('#');
        bool hasNumber = hash > 0 && int.TryParse(name.AsSpan(hash + 1), out _);
        return run.Steps.LastOrDefault(step => step.Name == name)
            ?? (hasNumber ? run.Steps.FirstOrDefault(step => step.Name == name[..hash] && step.Occurrence == int.Parse(name.AsSpan(hash + 1), System.Globalization.CultureInfo.InvariantCulture)) : null)
            ?? (run.Steps.Where(step => step.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray() is [var only] ? only : null)
            ?? throw new KinetraException(DiagnosticCodes.UnknownStep, $"Run {run.Id} of {run.Workflow} has no step \"{name}\".{NearestName.Hint(name, run.Steps.Select(step => step.Name))}{Names(run)}");
    }

    private static ArchivedRun? Before(RunArchive archive, IReadOnlyList<string> ids, ArchivedRun last) =>
        ids.Where(id => id != last.Id).Select(id => Try(archive, id)).Where(run => run?.Workflow == last.Workflow).MaxBy(run => run!.Number);

    private static ArchivedRun? Try(RunArchive archive, string id)
    {
        try
        {
            return archive.Find(id);
        }
        catch (KinetraException)
        {
            return null;
        }
    }

    private static KinetraException UnknownWorkflow(RunArchive archive, IReadOnlyList<string> ids, string? workflow)
    {
        string[] names = [.. ids.Select(id => Try(archive, id)?.Workflow).OfType<string>().Distinct()];
        return new KinetraException(DiagnosticCodes.UnknownRun, $"There is no run of the workflow \"{workflow}\" in {archive.Directory}.{NearestName.Hint(workflow ?? "", names)} There are runs of: {string.Join(", ", names)}.");
    }

    private static string Names(ArchivedRun run) => run.Steps.Count switch
    {
        0 => " It has begun none.",
        <= 10 => $" Its steps: {string.Join(", ", run.Steps.Select(step => step.Name).Distinct())}.",
        _ => " kinetra status --all lists its steps.",
    };
}
