namespace Kinetra.Build.Core;

/// <summary>
/// An expected failure: bad input, an input/output error, a verification that did not hold. It carries one of
/// <see cref="DiagnosticCodes"/> and a message that names the culprit, the value and the remedy.
/// Anything else that is thrown is a bug.
/// </summary>
public sealed class KinetraException : Exception
{
    /// <summary>Creates a coded error.</summary>
    /// <param name="code">One of <see cref="DiagnosticCodes"/>.</param>
    /// <param name="message">What is wrong, with which value, and what to do about it.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public KinetraException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>One of <see cref="DiagnosticCodes"/>, such as <c>KIN1003</c>.</summary>
    public string Code { get; }

    /// <summary>The file that the error is in, as the user wrote it, when a place inside a file is to blame.</summary>
    public string? File { get; init; }

    /// <summary>The line in <see cref="File"/>, counted from 1; 0 when there is none.</summary>
    public int Line { get; init; }
}
