namespace Kinetra.Build.Core.Credentials;

/// <summary>What git does with a file.</summary>
internal enum GitStatus
{
    /// <summary>It is left out of commits.</summary>
    Ignored,

    /// <summary>It is in the index: it is committed whatever <c>.gitignore</c> says.</summary>
    Tracked,

    /// <summary>The next <c>git add .</c> takes it.</summary>
    NotIgnored,

    /// <summary>Git is not installed, or could not tell.</summary>
    Unknown,
}

/// <summary>What git said.</summary>
/// <param name="Status">What it does with the file.</param>
/// <param name="Why">Why that is not known; empty if it is.</param>
internal readonly record struct GitAnswer(GitStatus Status, string Why = "");
