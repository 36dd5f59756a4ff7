namespace Kinetra.Build.Core.Backups;

/// <summary>The warning of the further names of a file that was replaced.</summary>
public static class HardLinkWarning
{
    /// <summary>The warning, <see cref="DiagnosticCodes.HardLinks"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="done">What was done: "written" or "restored".</param>
    /// <param name="otherNames">How many further names (hard links) keep the old content.</param>
    /// <returns>Null if there is none.</returns>
    public static KinetraException? Of(string file, string done, int otherNames) => otherNames == 0
        ? null
        : new KinetraException(DiagnosticCodes.HardLinks, $"{file} was {done}, but the file that it replaced has {otherNames} more name{(otherNames == 1 ? "" : "s")} (hard links), which keep the old content. Write each of them, or use a symbolic link instead.");
}
