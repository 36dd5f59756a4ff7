using System.Security.Cryptography;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// The key under which secrets are hashed: 32 random bytes of this state directory, in <c>fingerprint.key</c> (0600). Without it, short
/// secrets could be guessed from a fingerprint. It is made when the first secret is hashed; if it is lost, steps with secrets run again.
/// </summary>
public sealed class FingerprintKey
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "fingerprint.key";

    private const int Size = 32;

    private readonly Lazy<byte[]> _key;

    private FingerprintKey(Func<byte[]> load) => _key = new Lazy<byte[]>(load);

    /// <summary>The key of a state directory; nothing is read or created before it is needed.</summary>
    /// <param name="stateDirectory">The directory.</param>
    public static FingerprintKey In(FilePath stateDirectory) => new(() => Load(stateDirectory));

    /// <summary>The key of a state directory if there is one, else one that nobody else has; nothing is created.</summary>
    /// <param name="stateDirectory">The directory.</param>
    public static FingerprintKey IfAny(FilePath stateDirectory) => new(() => Read(stateDirectory.Combine(FileName)) ?? RandomNumberGenerator.GetBytes(Size));

    /// <summary>Hashes: HMAC-SHA-256, as 64 lower-case hexadecimal digits.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CorruptState"/>, <see cref="DiagnosticCodes.FileUnreadable"/>, or as for creating the state directory and writing to it.
    /// </exception>
    internal string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, data));

    private static byte[] Load(FilePath stateDirectory)
    {
        FilePath file = stateDirectory.Combine(FileName);
        if (Read(file) is { } key)
        {
            return key;
        }

        StateDirectory.Ensure(stateDirectory);
        byte[] created = RandomNumberGenerator.GetBytes(Size);
        using AtomicFile writer = AtomicFile.Create(file, UnixMode.Private, digest: false);
        writer.Append(created);
        writer.Seal();

        // Somebody else may have been faster: one key for all.
        return writer.TryCommitNew(file) ? created : Read(file) ?? Load(stateDirectory);
    }

    private static byte[]? Read(FilePath file)
    {
        try
        {
            byte[]? key = NativeFile.ReadAll(file.Full);
            return key is null or { Length: Size } ? key
                : throw new KinetraException(DiagnosticCodes.CorruptState, $"The key {file} is damaged: it has {key.Length} bytes instead of {Size}. Remove it; the next build makes a new one, and runs the steps with secrets again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The key {file} cannot be read: {Errno.Describe(error)}.", error);
        }
    }
}
