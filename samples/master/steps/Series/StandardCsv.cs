using System.Globalization;
using System.Text;

namespace Steps.Series;

/// <summary>
/// The workflow's own form of a series: comma separated, LF, ISO 8601 time, header
/// <c>time,open,high,low,close,volume,spread</c> and, from the fill step on, <c>,filled</c> (1 for a bar put into a gap, else 0).
/// </summary>
static class StandardCsv
{
    /// <summary>Time format of every file and message.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss";

    const string Header = "time,open,high,low,close,volume,spread";
    const string FilledColumn = ",filled";

    /// <summary>A time in <see cref="TimeFormat"/>.</summary>
    public static string Format(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The bytes of a file.</summary>
    public static byte[] Write(IEnumerable<Bar> bars, bool withFilled)
    {
        var text = new StringBuilder(Header).Append(withFilled ? FilledColumn : "").Append('\n');
        foreach (var bar in bars)
        {
            text.Append(Format(bar.Time)).Append(',').Append(bar.Open).Append(',').Append(bar.High).Append(',').Append(bar.Low)
                .Append(',').Append(bar.Close).Append(',').Append(bar.Volume).Append(',').Append(bar.Spread);
            if (withFilled)
                text.Append(bar.Filled ? ",1" : ",0");
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a file that an earlier step wrote.</summary>
    /// <exception cref="StepFailure">The file is not what the step wrote.</exception>
    public static List<Bar> Read(string path)
    {
        var bars = new List<Bar>();
        var columns = 0;
        foreach (var (text, number, ended) in TextLines.Of(File.ReadAllBytes(path)))
        {
            if (!ended)
                throw Broken(path, number, text, "no line end: the file is cut off");
            if (number == 1)
            {
                columns = text == Header ? 7 : text == Header + FilledColumn ? 8 : throw Broken(path, 1, text, $"expected the header {Header}[{FilledColumn}]");
                continue;
            }
            var f = text.Split(',');
            if (f.Length != columns
                || !DateTime.TryParseExact(f[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                || !f[1..5].All(Number.IsPrice) || !f[5..].All(Number.IsCount))
                throw Broken(path, number, text, $"expected a time and {columns - 1} numbers");
            bars.Add(new Bar(time, f[1], f[2], f[3], f[4], f[5], f[6], columns == 8 && f[7] == "1", number));
        }
        return bars.Count > 0 ? bars : throw Broken(path, 1, "", "no bars");
    }

    static StepFailure Broken(string path, int line, string text, string expected) =>
        new(ExitCodes.DataError, $"{path} was changed since it was written; run the step that writes it again",
            [new Problem(path, line, 1, "MT5003", $"'{text}': {expected}")]);
}
