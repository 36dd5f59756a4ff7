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

    /// <summary>Describes an output as it is now.</summary>
    /// <param name="output">Its path and the digest that was computed of it.</param>
    /// <param name="projectDirectory">What the path is relative to, absolute.</param>
    /// <returns>Null if there is no regular file of that name any more.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static CachedOutput? Of(OutputDigest output, string projectDirectory) =>
        TargetFile.Status(FilePath.Resolve(projectDirectory, output.Path)) is { Kind: FileKind.File } status
            ? new CachedOutput(output.Path, output.Sha256, status.Size, OperatingSystem.IsWindows() ? null : status.Mode & Permissions)
            : null;
}
