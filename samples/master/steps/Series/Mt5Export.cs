using System.Globalization;

namespace Steps.Series;

/// <summary>
/// A bar export of MetaTrader 5 (Symbols → Bars → Export Bars): a header and one tab-separated line for each bar. Reading
/// validates every field of every line.
/// </summary>
sealed class Mt5Export
{
    static readonly string[] Columns = ["<DATE>", "<TIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<TICKVOL>", "<VOL>", "<SPREAD>"];
    static readonly string Header = string.Join('\t', Columns);

    readonly List<(DateTime Time, string[] Fields, int Line)> _rows = [];
    readonly List<Problem> _problems = [];
    readonly string _origin;
    readonly string? _note;

    /// <param name="origin">The file as the user wrote it, for messages.</param>
    /// <param name="content">All bytes of the file.</param>
    /// <param name="note">Where the content came from, if the origin does not say it.</param>
    public Mt5Export(string origin, byte[] content, string? note = null)
    {
        (_origin, _note) = (origin, note);
        var last = (Text: "", Number: 0, Ended: true);
        foreach (var line in TextLines.Of(content))
        {
            if (line.Number == 1 && line.Text != Header && (line.Ended || !Header.StartsWith(line.Text, StringComparison.Ordinal)))
            {
                // Not an export at all, perhaps a login page: more problems would say nothing more.
                Add(1, 1, "MT5001", $"the header is '{Visible(line.Text)}'; expected '{Visible(Header)}', tab separated");
                return;
            }
            if (last.Number > 1)
                Read(last.Text, last.Number, isLast: false);
            last = line;
        }
        if (last.Number == 0)
            Add(1, 1, "MT5002", "the file is empty; expected a header and bars");
        else if (!last.Ended)
            Add(last.Number, last.Text.Length + 1, "MT5002", $"the last line '{Visible(last.Text)}' has no line end: the file is cut off");
        else if (last.Number > 1)
            Read(last.Text, last.Number, isLast: true);
        if (_problems.Count == 0 && _rows.Count == 0)
            Add(last.Number + 1, 1, "MT5001", "no bars after the header; expected at least one");
    }

    /// <summary>What is wrong with the file; empty for a good one.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Number of good bars.</summary>
    public int Count => _rows.Count;

    /// <summary>True when the only thing wrong is that the end is missing, so a second transfer may well be good.</summary>
    public bool IsCutOff => _problems.Count > 0 && _problems.All(p => p.Code == "MT5002");

    /// <summary>
    /// True when the volume of the bars is the traded volume <c>&lt;VOL&gt;</c>. Brokers' exports of contracts for difference
    /// know only <c>&lt;TICKVOL&gt;</c>, the number of price changes, and have 0 in <c>&lt;VOL&gt;</c>. The choice is made once
    /// for the file: a column that changes its unit midway would be worse than either.
    /// </summary>
    public bool HasTradedVolume => _rows.Exists(row => row.Fields[7].AsSpan().ContainsAnyExcept('0'));

    /// <summary>The bars in file order.</summary>
    public List<Bar> Bars()
    {
        var volume = HasTradedVolume ? 7 : 6;
        return _rows.ConvertAll(row =>
        {
            var f = row.Fields;
            return new Bar(row.Time, f[2], f[3], f[4], f[5], f[volume], f[8], Line: row.Line);
        });
    }

    void Read(string text, int line, bool isLast)
    {
        var fields = text.Split('\t');
        if (fields.Length < Columns.Length)
        {
            var missing = Columns[fields.Length];
            if (isLast)
                Add(line, text.Length + 1, "MT5002", $"the last line '{Visible(text)}' ends before {missing}: the file is cut off");
            else
                Add(line, text.Length + 1, "MT5001", $"column {missing} is missing: {fields.Length} columns in '{Visible(text)}'; expected {Columns.Length}");
            return;
        }
        var column = 1;
        for (var i = 0; i < fields.Length; column += fields[i].Length + 1, i++)
        {
            if (i == Columns.Length)
            {
                Add(line, column, "MT5001", $"{fields.Length} columns, the first too many is '{Visible(fields[i])}'; expected {Columns.Length}");
                return;
            }
            if (Expected(i, fields[i]) is { } expected)
            {
                Add(line, column, "MT5001", $"{Columns[i]} is '{Visible(fields[i])}'; expected {expected}");
                return; // one problem a line: what follows a broken field is often its consequence
            }
        }
        var time = DateTime.ParseExact(fields[0] + fields[1], "yyyy.MM.ddHH:mm:ss", CultureInfo.InvariantCulture);
        _rows.Add((time, fields, line));
    }

    /// <summary>What the column wants, if the text is not it.</summary>
    static string? Expected(int column, string text) => column switch
    {
        0 => DateTime.TryParseExact(text, "yyyy.MM.dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "a date yyyy.MM.dd",
        1 => TimeOnly.TryParseExact(text, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "a time HH:mm:ss",
        < 6 => Number.IsPrice(text) ? null : "a number such as 1438.36",
        _ => Number.IsCount(text) ? null : "a whole number from 0",
    };

    void Add(int line, int column, string code, string text) =>
        _problems.Add(new Problem(_origin, line, column, code, text) { Note = _note });

    /// <summary>One line of at most 100 characters: a downloaded error page must not flood the log.</summary>
    static string Visible(string text)
    {
        var cut = text.Length > 100 ? text[..100] + "…" : text;
        return string.Concat(cut.Select(c => c == '\t' ? ' ' : char.IsControl(c) ? '?' : c));
    }
}
