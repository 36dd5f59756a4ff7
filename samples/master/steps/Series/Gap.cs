namespace Steps.Series;

/// <summary>What the time between two bars is taken for, if they are so far apart that a bar fits in between.</summary>
enum GapKind
{
    /// <summary>No trading time is missing: a night, a break, a weekend.</summary>
    OutsideTradingHours,

    /// <summary>Whole trading days are missing, few enough for a holiday.</summary>
    Holiday,

    /// <summary>Trading time is missing next to a closure: the market may have closed early or opened late.</summary>
    ShortDay,

    /// <summary>The market was open, bars are missing, and few enough to fill.</summary>
    Missing,

    /// <summary>Bars are missing, but so many that flat ones in their place would be fiction.</summary>
    TooLong,
}

/// <summary>The time between two consecutive bars that are at least two intervals apart.</summary>
/// <param name="Kind">What it is taken for.</param>
/// <param name="Times">Times at which the market ordinarily trades but no bar exists.</param>
sealed record Gap(GapKind Kind, IReadOnlyList<DateTime> Times)
{
    /// <summary>Judges a gap. The rule and its reasons are in steps/README.md, "Which gaps are filled".</summary>
    /// <param name="before">Time of the last bar before the gap.</param>
    /// <param name="after">Time of the first bar after it.</param>
    /// <param name="interval">Interval between bars.</param>
    /// <param name="hours">The market's timetable.</param>
    /// <param name="holidayDays">So many whole trading days in a row may be a holiday.</param>
    /// <param name="maxFill">No more bars than this are filled in one gap.</param>
    public static Gap Between(DateTime before, DateTime after, TimeSpan interval, TradingHours hours, int holidayDays, int maxFill)
    {
        var times = new List<DateTime>();
        var closed = false;
        // A missing bar needs room for its whole interval, so that a shift of the clock does not look like one.
        for (var time = before + interval; time + interval <= after; time += interval)
        {
            if (hours.IsTradingTime(time))
                times.Add(time);
            else
                closed = true;
        }
        if (times.Count == 0)
            return new Gap(GapKind.OutsideTradingHours, times);

        // A day between the two bars' days has no bar at all.
        var days = times.Select(t => t.Date).Distinct().Count(day => day > before.Date && day < after.Date);
        var mayBeClosure = (closed || days > 0) && days <= holidayDays;
        if (mayBeClosure && (closed || !hours.NeverCloses(before)))
            return new Gap(days > 0 ? GapKind.Holiday : GapKind.ShortDay, times);

        return new Gap(times.Count <= maxFill ? GapKind.Missing : GapKind.TooLong, times);
    }
}
