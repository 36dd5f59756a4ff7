namespace Kinetra.Build.Core.Credentials;

/// <summary>What there is to say of a file and git; nothing for most files.</summary>
/// <param name="Warning">The file may be committed: <see cref="DiagnosticCodes.NotIgnoredByGit"/>; null if it is ignored, or that is not known.</param>
/// <param name="Note">What was done, or why nothing had to be.</param>
/// <param name="Debug">Why git could not be asked.</param>
public sealed record GitIgnoreResult(KinetraException? Warning = null, string? Note = null, string? Debug = null)
{
    /// <summary>There is nothing to say.</summary>
    public static GitIgnoreResult Nothing { get; } = new();
}
