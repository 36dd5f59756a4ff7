using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// Decrypts a backup, piece by piece, in constant memory. Each chunk is handed on once it is proved; that the content is
/// whole is known only when <see cref="Complete"/> has returned. Until then it belongs in a temporary file.
/// </summary>
internal sealed class BackupDecryptor : IDisposable
{
    private const int FullChunk = BackupCipher.ChunkSize + BackupCipher.TagSize;

    private readonly SecretKey _key;
    private readonly string _file;
    private readonly long _sequence;
    private readonly FilePath _backup;
    private readonly Action<ReadOnlySpan<byte>> _output;
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(FullChunk);
    private readonly byte[] _content = GC.AllocateUninitializedArray<byte>(BackupCipher.ChunkSize);
    private BackupCipher? _cipher;
    private int _held;
    private bool _usable = true;

    /// <summary>Prepares the decryption of a backup.</summary>
    /// <param name="key">The key that it was made with.</param>
    /// <param name="file">The file that it is a backup of: its path relative to the project, with forward slashes.</param>
    /// <param name="sequence">The backup's sequence number.</param>
    /// <param name="backup">The backup, for messages.</param>
    /// <param name="output">Gets the content in its order; each span is valid during the call only.</param>
    public BackupDecryptor(SecretKey key, string file, long sequence, FilePath backup, Action<ReadOnlySpan<byte>> output) =>
        (_key, _file, _sequence, _backup, _output) = (key, file, sequence, backup, output);

    /// <summary>Adds bytes of the backup.</summary>
    /// <param name="data">The next bytes; any number.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CorruptBackup"/>: it is damaged, of another file, or from a newer release.
    /// <see cref="DiagnosticCodes.WrongKey"/>: it was made with another key.
    /// </exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        Enter();
        while (!data.IsEmpty)
        {
            // What is full is held back until more follows: a chunk may be the last one.
            int full = _cipher is null ? BackupHeader.Size : FullChunk;
            if (_held == full)
            {
                HandOn(last: false);
                continue;
            }

            int length = Math.Min(full - _held, data.Length);
            data[..length].CopyTo(_data.AsSpan(_held));
            _held += length;
            data = data[length..];
        }

        _usable = true;
    }

    /// <summary>Ends the backup; called once. The content is whole if it returns.</summary>
    /// <exception cref="KinetraException">As for <see cref="Append"/>.</exception>
    public void Complete()
    {
        Enter();
        if (_cipher is null)
        {
            // A header alone is cut off as well, but says first whether the key is the right one.
            HandOn(last: false);
        }

        HandOn(last: true);
    }

    /// <summary>Wipes content and key.</summary>
    public void Dispose()
    {
        _usable = false;
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_content);
    }

    // Not usable again unless the caller's work ends well: after an error, and after Complete, there is no going on.
    private void Enter()
    {
        if (!_usable)
        {
            throw new InvalidOperationException("The backup is complete, has failed or was disposed.");
        }

        _usable = false;
    }

    // The header comes first, then chunks.
    private void HandOn(bool last)
    {
        ReadOnlySpan<byte> data = _data.AsSpan(.._held);
        _held = 0;
        if (_cipher is null)
        {
            BackupHeader header = data.Length == BackupHeader.Size ? BackupHeader.Read(data, _key, _backup) : throw Cut();
            _cipher = new BackupCipher(_key, header, _file, _sequence);
            return;
        }

        Span<byte> content = data.Length >= BackupCipher.TagSize ? _content.AsSpan(..(data.Length - BackupCipher.TagSize)) : throw Cut();
        long chunk = _cipher.Next;
        if (!_cipher.TryDecrypt(data, last, content))
        {
            throw BackupHeader.Corrupt(_backup, chunk == 0
                ? $"its first bytes were changed or cut off, or it is not backup {_sequence} of {_file}"
                : $"it was changed or cut off at byte {BackupHeader.Size + (chunk * FullChunk)} or behind it");
        }

        // Made by nobody who has the key and this program; refused so that a content has one form only.
        if (last && content.IsEmpty && chunk > 0)
        {
            throw BackupHeader.Corrupt(_backup, "an empty chunk is at its end");
        }

        _output(content);
    }

    private KinetraException Cut() => BackupHeader.Corrupt(_backup, "it is cut off");
}
