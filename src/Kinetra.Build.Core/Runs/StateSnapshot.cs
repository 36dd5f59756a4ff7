namespace Kinetra.Build.Core.Runs;

/// <summary>What the state file is to have, as it was at one moment.</summary>
/// <param name="Ended">The steps that have ended since the moment before; they do not change any more.</param>
/// <param name="Running">The steps that run, as JSON.</param>
/// <param name="Tail">What stands behind the steps.</param>
internal sealed record StateSnapshot(IReadOnlyList<StepRecord> Ended, IReadOnlyList<byte[]> Running, byte[] Tail);
