namespace Steps.Sources;

/// <summary>A file read from a source, complete in memory.</summary>
/// <param name="Name">Its name in data/raw.</param>
/// <param name="Content">All bytes.</param>
/// <param name="Origin">The file as the user wrote it; for a download its name, because MSBuild's canonical form has no place for a URL.</param>
/// <param name="Url">Where it was downloaded from; null for a file of this machine.</param>
sealed record RawFile(string Name, byte[] Content, string Origin, string? Url = null);
