namespace Tool;

/// <summary>A day's prices.</summary>
readonly record struct Bar(DateOnly Day, double Open, double High, double Low, double Close)
{
    /// <summary>The bars of a file: a heading, then day, open, high, low and close, by commas; or as MetaTrader 5 exports them, by tabs with a time behind the day.</summary>
    /// <exception cref="FormatException">A line is no bar; the message has file and line as compilers print them.</exception>
    public static List<Bar> Read(string file)
    {
        List<Bar> bars = [];
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (number > 1 && line.Length > 0)
                bars.Add(TryParse(line, out var bar) ? bar : throw new FormatException($"{file}({number}): error BAR01: this is no bar of a day: {line}"));
        }
        return bars.Count > 0 ? bars : throw new FormatException($"{file}(1): error BAR02: there are no bars");
    }

    /// <summary>The form that <see cref="Read"/> knows, by commas.</summary>
    public override string ToString() => $"{Day:yyyy-MM-dd},{Open},{High},{Low},{Close}";

    static bool TryParse(string line, out Bar bar)
    {
        var isExport = line.Contains('\t');
        var fields = line.Split(isExport ? '\t' : ',');
        var first = isExport ? 2 : 1;
        bar = default;
        if (fields.Length < first + 4 || !DateOnly.TryParseExact(fields[0], isExport ? "yyyy.MM.dd" : "yyyy-MM-dd", out var day))
            return false;
        Span<double> prices = stackalloc double[4];
        for (var i = 0; i < 4; i++)
            if (!double.TryParse(fields[first + i], out prices[i]))
                return false;
        bar = new Bar(day, prices[0], prices[1], prices[2], prices[3]);
        return true;
    }
}
