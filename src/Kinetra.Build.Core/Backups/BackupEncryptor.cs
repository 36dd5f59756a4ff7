using System.Security.Cryptography;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// Encrypts a backup, piece by piece, in constant memory. What was handed on before <see cref="Complete"/> has
/// returned is not yet a backup.
/// </summary>
internal sealed class BackupEncryptor : IDisposable
{
    private readonly BackupHeader _header;
    private readonly BackupCipher _cipher;
    private readonly Action<ReadOnlySpan<byte>> _output;
    private readonly byte[] _content = GC.AllocateUninitializedArray<byte>(BackupCipher.ChunkSize);
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(BackupCipher.ChunkSize + BackupCipher.TagSize);
    private int _held;
    private bool _begun;
    private bool _usable = true;

    /// <summary>Prepares a backup; nothing is handed on yet.</summary>
    /// <param name="key">The key. The first backup with a passphrase takes some tenths of a second.</param>
    /// <param name="file">
    /// The file that is backed up: its path relative to the project, with forward slashes. The backup is bound to it, and to
    /// <paramref name="sequence"/>: it decrypts with both only.
    /// </param>
    /// <param name="sequence">The backup's sequence number.</param>
    /// <param name="output">Gets the bytes of the backup in their order; each span is valid during the call only.</param>
    public BackupEncryptor(SecretKey key, string file, long sequence, Action<ReadOnlySpan<byte>> output)
    {
        _header = BackupHeader.Create(key);
        _cipher = new BackupCipher(key, _header, file, sequence);
        _output = output;
    }

    /// <summary>Adds content.</summary>
    /// <param name="content">The next bytes of the file; any number.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.BackupFailed"/>: more than 256 TiB.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        Enter();
        while (!content.IsEmpty)
        {
            // A full chunk is held back until more follows: it may be the last one.
            if (_held == BackupCipher.ChunkSize)
            {
                HandOn(_content, last: false);
                _held = 0;
            }

            if (_held == 0 && content.Length > BackupCipher.ChunkSize)
            {
                HandOn(content[..BackupCipher.ChunkSize], last: false);
                content = content[BackupCipher.ChunkSize..];
                continue;
            }

            int length = Math.Min(BackupCipher.ChunkSize - _held, content.Length);
            content[..length].CopyTo(_content.AsSpan(_held));
            _held += length;
            content = content[length..];
        }

        _usable = true;
    }

    /// <summary>Ends the backup; called once.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.BackupFailed"/>: more than 256 TiB.</exception>
    public void Complete()
    {
        Enter();
        HandOn(_content.AsSpan(.._held), last: true);
    }

    /// <summary>Wipes content and key.</summary>
    public void Dispose()
    {
        _usable = false;
        _cipher.Dispose();
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
        if (!_begun)
        {
            _begun = true;
            _output(_header.Bytes);
        }
    }

    private void HandOn(ReadOnlySpan<byte> content, bool last)
    {
        Span<byte> chunk = _chunk.AsSpan(..(content.Length + BackupCipher.TagSize));
        _cipher.Encrypt(content, last, chunk);
        _output(chunk);
    }
}
