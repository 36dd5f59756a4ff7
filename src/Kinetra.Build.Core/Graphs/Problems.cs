using System.Globalization;

namespace Kinetra.Build.Core.Graphs;

/// <summary>The problems of one kind, gathered so that one error tells all of them, or the first ones of many.</summary>
/// <param name="code">One of <see cref="DiagnosticCodes"/>.</param>
internal sealed class Problems(string code)
{
    private const int Shown = 10;

    private const int LongestName = 200;

    private readonly List<string> _texts = [];

    private int _count;

    /// <summary>Whether one more would be shown; if not, its text need not be made.</summary>
    public bool ShowsNext => _count < Shown;

    /// <summary>Adds one.</summary>
    /// <param name="text">A whole sentence; null if <see cref="ShowsNext"/> was false.</param>
    public void Add(string? text)
    {
        if (ShowsNext)
        {
            _texts.Add(text!);
        }

        _count++;
    }

    /// <summary>Throws if there is one.</summary>
    /// <param name="remedy">A sentence that says what to do.</param>
    /// <exception cref="KinetraException">The code.</exception>
    public void Throw(string remedy)
    {
        if (_count > 0)
        {
            throw Error(remedy);
        }
    }

    /// <summary>The error; there has to be a problem.</summary>
    /// <param name="remedy">A sentence that says what to do.</param>
    public KinetraException Error(string remedy)
    {
        string more = _count > Shown ? string.Create(CultureInfo.InvariantCulture, $" And {_count - Shown} more.") : "";
        return new KinetraException(code, $"{string.Join(' ', _texts)}{more} {remedy}");
    }

    /// <summary>A name or pattern for a message, in quotation marks.</summary>
    /// <param name="name">As written.</param>
    public static string Quote(string name) => $"\"{Shorten(name)}\"";

    /// <summary>A text, cut off where it is endless.</summary>
    /// <param name="text">As written.</param>
    public static string Shorten(string text) => text.Length <= LongestName ? text : $"{text.AsSpan(0, LongestName)}…";
}
