namespace Kinetra.Build.Core.Scheduling;

/// <summary>How the rest of a run goes, if each step takes as long as given and succeeds.</summary>
/// <param name="Seconds">The time from now until all is done.</param>
/// <param name="CriticalPath">
/// The steps that determine the end, first one first: from the one that ends last back through whatever let each start, a dependency
/// or the place that another one gave back.
/// </param>
/// <param name="DependencyPath">The same for people: only through dependencies, from the one that ends last back to one that waits for none.</param>
public sealed record Simulation(double Seconds, IReadOnlyList<int> CriticalPath, IReadOnlyList<int> DependencyPath);
