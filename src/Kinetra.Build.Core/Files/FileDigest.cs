using System.Security.Cryptography;

namespace Kinetra.Build.Core.Files;

/// <summary>SHA-256 of files, as 64 lower-case hexadecimal digits.</summary>
public static class FileDigest
{
    /// <summary>Computes the digest of a file. A file that changes meanwhile is read again, three times at most.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileMissing"/>, <see cref="DiagnosticCodes.UnusablePath"/> (a directory or a device) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    public static string Compute(FilePath file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        StableFile.Read(file, () => hash.GetHashAndReset(), bytes => hash.AppendData(bytes));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
