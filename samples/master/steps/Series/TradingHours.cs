namespace Steps.Series;

/// <summary>
/// The weekly timetable of a market, learned from its bars: a time of the week counts as trading time if at least half of the
/// weeks around have a bar then. This one rule knows weekends, nights, daily breaks and markets that never close, and it follows
/// a market that changes its hours or the clock's summer time, because only <see cref="Around"/> weeks on either side count.
/// </summary>
sealed class TradingHours
{
    /// <summary>Half a year on either side: long enough for a majority, short enough to follow a change of hours.</summary>
    const int Around = 26;

    readonly Dictionary<long, List<int>> _weeksOfSlot = [];
    readonly List<int> _weeks;
    readonly TimeSpan _interval;

    /// <param name="bars">The series, in any order.</param>
    /// <param name="interval">The interval between its bars.</param>
    public TradingHours(IEnumerable<Bar> bars, TimeSpan interval)
    {
        _interval = interval;
        foreach (var bar in bars)
        {
            var slot = Slot(bar.Time);
            if (!_weeksOfSlot.TryGetValue(slot, out var weeks))
                _weeksOfSlot.Add(slot, weeks = []);
            weeks.Add(Week(bar.Time));
        }
        foreach (var slot in _weeksOfSlot.Keys)
            _weeksOfSlot[slot] = SortedDistinct(_weeksOfSlot[slot]);
        _weeks = SortedDistinct(_weeksOfSlot.Values.SelectMany(weeks => weeks));
    }

    /// <summary>True if the market ordinarily trades at this time of the week in this part of the series.</summary>
    public bool IsTradingTime(DateTime time)
    {
        if (!_weeksOfSlot.TryGetValue(Slot(time), out var present))
            return false;
        var week = Week(time);
        var all = CountBetween(_weeks, week - Around, week + Around);
        return all > 0 && 2 * CountBetween(present, week - Around, week + Around) >= all;
    }

    /// <summary>True if every time of the week around this one is trading time, as for a cryptocurrency.</summary>
    public bool NeverCloses(DateTime time)
    {
        for (var ticks = 0L; ticks < TimeSpan.TicksPerDay * 7; ticks += _interval.Ticks)
            if (!IsTradingTime(time.AddTicks(ticks)))
                return false;
        return true;
    }

    // Day 0 of DateTime, 1 January of year 1, is a Monday in the Gregorian calendar: weeks counted from it start on Mondays.
    static int Week(DateTime time) => (int)(time.Ticks / (TimeSpan.TicksPerDay * 7));

    static long Slot(DateTime time) => time.Ticks % (TimeSpan.TicksPerDay * 7);

    static List<int> SortedDistinct(IEnumerable<int> weeks) => [.. weeks.Distinct().Order()];

    static int CountBetween(List<int> sorted, int first, int last) => Index(sorted, last + 1) - Index(sorted, first);

    static int Index(List<int> sorted, int value)
    {
        var index = sorted.BinarySearch(value);
        return index < 0 ? ~index : index;
    }
}
