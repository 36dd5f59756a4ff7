using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Cache;

/// <summary>A declared output of a cached step.</summary>
/// <param name="Path">As <see cref="OutputDigest.Path"/>: relative to the project with <c>/</c>, or absolute outside.</param>
/// <param name="Sha256">The digest of its content, in 64 lower-case hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Mode">Its permissions (of owner, group and others alone), which are restored too; null on Windows.</param>
public sealed record CachedOutput(string Path, string Sha256, long Size, UnixFileMode? Mode)
{
    // Set-user-id and the like are nobody's output.
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>Where it really was, if a symbolic link had led elsewhere (<see cref="OutputPlaces"/>); else null.</summary>
    public string? Place { get; init; }

    /// <summary>Describes an output as it is now.</summary>
    /// <param name="output">Its path and the digest that was computed of it.</param>
    /// <param name="places">Says where it is.</param>
    /// <returns>Null if there is no regular file of that name any more.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static CachedOutput? Of(OutputDigest output, OutputPlaces places) =>
        TargetFile.Status(places.FileOf(output.Path)) is { Kind: FileKind.File } status
            ? new CachedOutput(output.Path, output.Sha256, status.Size, OperatingSystem.IsWindows() ? null : status.Mode & Permissions) { Place = places.Of(output.Path) }
            : null;
}
