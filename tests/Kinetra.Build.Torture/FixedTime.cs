namespace Kinetra.Build.Torture;

/// <summary>A clock that stands still, so that every run of an operation makes the same names, and the same calls.</summary>
public sealed class FixedTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 4, 55, 1, TimeSpan.Zero);
}
