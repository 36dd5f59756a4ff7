using System.Globalization;

namespace Kinetra.Build.Core.Graphs;

/// <summary>The steps by their names.</summary>
internal sealed class StepNames
{
    private readonly Dictionary<string, int> _indices;

    private StepNames(IReadOnlyList<GraphStep> steps, Dictionary<string, int> indices) => (Steps, _indices) = (steps, indices);

    /// <summary>The steps.</summary>
    public IReadOnlyList<GraphStep> Steps { get; }

    /// <summary>The names, in the order of the steps.</summary>
    public IEnumerable<string> All => Steps.Select(step => step.Name);

    /// <summary>Gathers the names.</summary>
    /// <param name="steps">The steps.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.DuplicateStep"/> or, for an empty name, <see cref="DiagnosticCodes.InvalidGraph"/>.</exception>
    public static StepNames Create(IReadOnlyList<GraphStep> steps)
    {
        Dictionary<string, int> indices = new(steps.Count, StringComparer.Ordinal);
        Dictionary<string, int>? recurring = null;
        for (int step = 0; step < steps.Count; step++)
        {
            string name = steps[step].Name;
            if (string.IsNullOrWhiteSpace(name))
            {
                throw new KinetraException(DiagnosticCodes.InvalidGraph, string.Create(CultureInfo.InvariantCulture, $"Step {step + 1} has no name. Name each step in the Include of its KinetraStep."));
            }

            if (!indices.TryAdd(name, step))
            {
                recurring ??= new Dictionary<string, int>(StringComparer.Ordinal);
                recurring[name] = recurring.GetValueOrDefault(name, 1) + 1;
            }
        }

        if (recurring is not null)
        {
            Refuse(recurring);
        }

        return new StepNames(steps, indices);
    }

    /// <summary>The index of a step; -1 if there is none of that name.</summary>
    /// <param name="name">Its name; case matters.</param>
    public int Find(string name) => _indices.TryGetValue(name, out int step) ? step : -1;

    private static void Refuse(Dictionary<string, int> recurring)
    {
        Problems problems = new(DiagnosticCodes.DuplicateStep);
        foreach ((string name, int count) in recurring)
        {
            problems.Add(problems.ShowsNext ? string.Create(CultureInfo.InvariantCulture, $"{count} steps are named {Problems.Quote(name)}.") : null);
        }

        problems.Throw("Give each step a name of its own.");
    }
}
