using System.Security.Cryptography;
using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>What is to be written to a file.</summary>
public abstract class FileContent
{
    /// <summary>Text in an encoding.</summary>
    /// <param name="text">The text, written as it is.</param>
    /// <param name="encoding">The name of an encoding, such as <c>utf-8</c> (without a byte order mark), <c>utf-8-bom</c>, <c>utf-16</c> or <c>iso-8859-1</c>.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidEncoding"/>: unknown, or without a code for a character of the text.</exception>
    public static FileContent Text(string text, string encoding)
    {
        Encoding target = Find(encoding);
        try
        {
            return new Bytes([.. target.GetPreamble(), .. target.GetBytes(text)]);
        }
        catch (EncoderFallbackException error)
        {
            throw new KinetraException(DiagnosticCodes.InvalidEncoding, $"Encoding: {encoding} has no code for the character at position {error.Index} of the text (U+{(int)error.CharUnknown:X4}). Use utf-8.", error);
        }
    }

    /// <summary>A copy of another file.</summary>
    /// <param name="source">The file.</param>
    public static FileContent CopyOf(FilePath source) => new Copy(source);

    internal abstract void CopyTo(AtomicFile file);

    /// <summary>The digest of the content, in lower-case hex.</summary>
    internal abstract string Digest();

    private static Encoding Find(string name)
    {
        switch (name.Trim().ToLowerInvariant())
        {
            case "utf-8" or "utf8":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            case "utf-8-bom":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        }

        try
        {
            return Encoding.GetEncoding(name.Trim(), EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new KinetraException(DiagnosticCodes.InvalidEncoding, $"Encoding: \"{name}\" is not known. Write utf-8, utf-8-bom, utf-16, utf-32, us-ascii or iso-8859-1.", error);
        }
    }

    private sealed class Bytes(byte[] content) : FileContent
    {
        internal override void CopyTo(AtomicFile file) => file.SetContent(content);

        internal override string Digest() => Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private sealed class Copy(FilePath source) : FileContent
    {
        internal override void CopyTo(AtomicFile file) => FromSource(() =>
        {
            file.CopyFrom(source);
            return true;
        });

        internal override string Digest() => FromSource(() => FileDigest.Compute(source));

        private static T FromSource<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (KinetraException error) when (error.Code is DiagnosticCodes.FileMissing or DiagnosticCodes.FileUnreadable or DiagnosticCodes.UnusablePath)
            {
                throw new KinetraException(DiagnosticCodes.SourceUnreadable, $"Source: {error.Message}", error);
            }
        }
    }
}
