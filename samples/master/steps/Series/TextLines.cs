using System.Text;

namespace Steps.Series;

/// <summary>The lines of a text file that ends each line with LF or CRLF.</summary>
/// <remarks>
/// <see cref="StringReader"/> would do but for one thing: it does not tell whether the last line had an end, which is how a
/// file that was cut off shows.
/// </remarks>
static class TextLines
{
    /// <summary>Splits UTF-8 text into lines; a line without an end has <c>Ended</c> false.</summary>
    public static IEnumerable<(string Text, int Number, bool Ended)> Of(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content);
        var start = text.StartsWith('\uFEFF') ? 1 : 0;
        for (var number = 1; start < text.Length; number++)
        {
            var end = text.IndexOf('\n', start);
            var stop = end < 0 ? text.Length : end;
            var length = stop - start;
            if (length > 0 && text[stop - 1] == '\r')
                length--;
            yield return (text.Substring(start, length), number, end >= 0);
            start = stop + 1;
        }
    }
}
