namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>A step of a <see cref="PlanScene"/>: it writes its name, its command and all that it reads to each file that it makes. It fails as long as there is a file <c>fail-{name}</c>.</summary>
/// <param name="Name">Its name.</param>
internal sealed record PlanStep(string Name)
{
    public string Command { get; set; } = "do it";

    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public IReadOnlyList<string> Inputs { get; init; } = [];

    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>A file that it makes and does not declare; null for none.</summary>
    public string? Undeclared { get; init; }

    public bool UsesCache { get; init; } = true;

    public bool IsCritical { get; init; } = true;

    public bool Always { get; init; }

    public int Priority { get; init; }

    public TimeSpan? ExpectedDuration { get; init; }
}
