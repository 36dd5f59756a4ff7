using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Graphs;

/// <summary>The steps of a workflow and what each waits for, checked as a whole before the first step. Immutable.</summary>
public sealed class StepGraph
{
    private readonly StepNames _names;

    private readonly Dependency[][] _dependencies;

    private readonly int[][] _dependents;

    private readonly int[] _order;

    private StepGraph(StepNames names, Dependency[][] dependencies, int[][] dependents, int[] order)
    {
        _names = names;
        _dependencies = dependencies;
        _dependents = dependents;
        _order = order;
    }

    /// <summary>The steps, as they were given; the index of a step is its place here.</summary>
    public IReadOnlyList<GraphStep> Steps => _names.Steps;

    /// <summary>
    /// An order in which each step comes after those that it depends on: among those that could come next, the first one of
    /// <see cref="Steps"/> does. Steps with <see cref="GraphStep.Always"/> come after all others.
    /// </summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>Makes and checks a graph.</summary>
    /// <param name="projectDirectory">What <c>Inputs</c> and <c>Outputs</c> are relative to, absolute.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="pools">The names of the pools that there are.</param>
    /// <exception cref="KinetraException">
    /// All problems of the first kind that there is: <see cref="DiagnosticCodes.DuplicateStep"/>, <see cref="DiagnosticCodes.UnknownDependency"/>,
    /// <see cref="DiagnosticCodes.InvalidGraph"/>, <see cref="DiagnosticCodes.UnusablePath"/>, <see cref="DiagnosticCodes.OutputConflict"/> or
    /// <see cref="DiagnosticCodes.DependencyCycle"/>.
    /// </exception>
    public static StepGraph Create(string projectDirectory, IReadOnlyList<GraphStep> steps, IReadOnlyCollection<string> pools) =>
        Create(projectDirectory, steps, pools, ignoresCase: ProjectPath.Comparison == StringComparison.OrdinalIgnoreCase);

    /// <summary>The same, as on an operating system whose paths are compared in a given way.</summary>
    /// <param name="projectDirectory">What <c>Inputs</c> and <c>Outputs</c> are relative to, absolute.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="pools">The names of the pools that there are.</param>
    /// <param name="ignoresCase">Whether paths that differ in case only are equal.</param>
    internal static StepGraph Create(string projectDirectory, IReadOnlyList<GraphStep> steps, IReadOnlyCollection<string> pools, bool ignoresCase)
    {
        StepNames names = StepNames.Create(steps);
        Dependency[][] dependencies = NamedDependencies.Find(names, pools);
        FileDependencies.Add(projectDirectory, steps, dependencies, ignoresCase);
        int[][] dependents = Invert(dependencies);
        int[] order = StepOrder.Sort(steps, dependencies, dependents);
        if (order.Length < steps.Count)
        {
            throw DependencyCycles.Describe(steps, dependencies);
        }

        return new StepGraph(names, dependencies, dependents, order);
    }

    /// <summary>What a step waits for: what its <c>DependsOn</c> names, in that order, then the steps that make its inputs. Each step at most once.</summary>
    /// <param name="step">Its index.</param>
    public IReadOnlyList<Dependency> DependenciesOf(int step) => _dependencies[step];

    /// <summary>The indices of the steps that wait for a step, ascending.</summary>
    /// <param name="step">Its index.</param>
    public IReadOnlyList<int> DependentsOf(int step) => _dependents[step];

    /// <summary>The index of a step; null if there is none of that name.</summary>
    /// <param name="name">Its name; case matters.</param>
    public int? Find(string name) => _names.Find(name) is >= 0 and int step ? step : null;

    /// <summary>Which steps are to run.</summary>
    /// <param name="selection">What the user asked for.</param>
    /// <returns>For each step whether it is selected.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnknownSelection"/>: a name is no step, or nothing is left.</exception>
    public IReadOnlyList<bool> Select(Selection selection) => StepSelection.Select(this, selection);

    private static int[][] Invert(Dependency[][] dependencies)
    {
        int[] counts = new int[dependencies.Length];
        foreach (Dependency[] some in dependencies)
        {
            foreach (Dependency dependency in some)
            {
                counts[dependency.Step]++;
            }
        }

        int[][] dependents = new int[dependencies.Length][];
        for (int step = 0; step < dependents.Length; step++)
        {
            dependents[step] = counts[step] == 0 ? [] : new int[counts[step]];
        }

        // Backwards, so that the counts are the places.
        for (int step = dependents.Length - 1; step >= 0; step--)
        {
            foreach (Dependency dependency in dependencies[step])
            {
                dependents[dependency.Step][--counts[dependency.Step]] = step;
            }
        }

        return dependents;
    }
}
