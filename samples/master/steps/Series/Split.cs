namespace Steps.Series;

/// <summary>A series cut in time: everything of the train part is earlier than everything of the test part.</summary>
/// <param name="Train">The first bars; whatever is chosen or estimated comes from these.</param>
/// <param name="Test">The last bars; nothing but results comes from these.</param>
sealed record Split(List<Bar> Train, List<Bar> Test)
{
    /// <summary>Cuts a series.</summary>
    /// <param name="series">Bars in strictly ascending time; the cut would leak the future into the past otherwise.</param>
    /// <param name="trainShare">Share of all bars in the train part; rounded down.</param>
    /// <param name="gap">Bars after the train part that are in neither part (an embargo), so that a label which looks some bars ahead of the train part's end does not reach into the test part.</param>
    /// <exception cref="StepFailure">Times are not strictly ascending, or a part would have fewer than two bars.</exception>
    public static Split Of(UpToDateSeries series, double trainShare, int gap)
    {
        var bars = series.Bars;
        for (var i = 1; i < bars.Count; i++)
            if (bars[i].Time <= bars[i - 1].Time)
                throw new StepFailure(ExitCodes.DataError, $"{series.Name} cannot be split by time: its times do not ascend",
                    [new Problem(series.Path, bars[i].Line, 1, "MT5101",
                        $"{StandardCsv.Format(bars[i].Time)} comes after {StandardCsv.Format(bars[i - 1].Time)}")]);

        var train = (int)(bars.Count * trainShare);
        var test = (long)bars.Count - train - gap;
        if (train < 2 || test < 2)
            throw new StepFailure(ExitCodes.DataError,
                $"{series.Name} has {bars.Count} bars: {train} to train, {gap} gap and {Math.Max(test, 0)} to test; each part needs 2");
        return new Split(bars[..train], bars[(train + gap)..]);
    }
}
