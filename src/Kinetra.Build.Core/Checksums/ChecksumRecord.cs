namespace Kinetra.Build.Core.Checksums;

/// <summary>
/// What is known of a file's content. A crash between the two durable steps of a write leaves either content in place, so
/// both are accepted until the next write or verification settles it.
/// </summary>
/// <param name="Current">The digest of the last finished write; null before the first one.</param>
/// <param name="Pending">The digest of a write that has begun; null if there is none.</param>
public sealed record ChecksumRecord(string? Current, string? Pending)
{
    /// <summary>Whether a file with this digest is what was written.</summary>
    /// <param name="sha256">64 hexadecimal digits in either case.</param>
    public bool Accepts(string sha256) => Sha256Text.AreEqual(Current, sha256) || Sha256Text.AreEqual(Pending, sha256);
}
