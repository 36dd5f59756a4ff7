using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.History;

/// <summary>A <see cref="TimeEstimate"/> in words, as a whole and in parts.</summary>
public static class TimeLeftText
{
    private const string Separator = " · ";
    private const string Learning = "durations are still being learned";

    // A path is to be read in passing.
    private const int MostStepsOfPath = 6;

    // Of one with thousands of steps a state that is written ten times a second would consist for the most part.
    private const int MostNames = 100;

    /// <summary><c>5/7 · 63 % of the work · about 12 min (at most 18) · critical path: convert → prepare</c>; parts that are not known are left out.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="nameOf">Gives the name of a step by its index.</param>
    public static string Line(TimeEstimate estimate, Func<int, string> nameOf)
    {
        StringBuilder line = new(Count(estimate));
        if (estimate.PercentOfWork is { } percent)
        {
            line.Append(Separator).Append(percent).Append(" % of the work");
        }

        if (estimate.Done < estimate.Total)
        {
            line.Append(Separator).Append(estimate.Median is null ? Learning : About(estimate));
        }

        if (estimate.CriticalPath.Count > 0)
        {
            line.Append(Separator).Append("critical path: ").Append(Path(estimate.CriticalPath, nameOf));
        }

        return line.ToString();
    }

    /// <summary><c>5/7</c>.</summary>
    public static string Count(TimeEstimate estimate) => string.Create(CultureInfo.InvariantCulture, $"{estimate.Done}/{estimate.Total}");

    /// <summary><c>about 12 min (at most 18)</c>, "at most" being the P90; empty if the time is not known.</summary>
    public static string About(TimeEstimate estimate)
    {
        if (estimate is not { Median: { } median, P90: { } p90 })
        {
            return "";
        }

        string usual = Round(median, up: false);
        string most = Round(p90, up: true);
        string[] shortened = most.Split(' ');
        string[] usualParts = usual.Split(' ');
        bool hasSameUnit = shortened.Length == 2 && usualParts.Length == 2 && shortened[1] == usualParts[1];
        return most == usual ? $"about {usual}" : $"about {usual} (at most {(hasSameUnit ? shortened[0] : most)})";
    }

    /// <summary><c>about 3 min left</c>; empty if the time is not known or nothing is left.</summary>
    public static string Left(TimeEstimate estimate) =>
        estimate.Median is { } median && estimate.Done < estimate.Total ? $"about {Round(median, up: false)} left" : "";

    /// <summary><c>convert → prepare</c>; of a long path the beginning and the end.</summary>
    /// <param name="path">The steps by their index.</param>
    /// <param name="nameOf">Gives the name of a step.</param>
    public static string Path(IReadOnlyList<int> path, Func<int, string> nameOf)
    {
        StringBuilder text = new();
        for (int i = 0; i < path.Count; i++)
        {
            bool isLeftOut = path.Count > MostStepsOfPath && i >= MostStepsOfPath - 2 && i < path.Count - 1;
            if (isLeftOut && i > MostStepsOfPath - 2)
            {
                continue;
            }

            text.Append(i == 0 ? "" : " → ").Append(isLeftOut ? "…" : nameOf(path[i]));
        }

        return text.ToString();
    }

    /// <summary>The steps of a path by name; of a long one the first 99 and the last.</summary>
    /// <param name="path">The steps by their index.</param>
    /// <param name="nameOf">Gives the name of a step.</param>
    public static IReadOnlyList<string> Names(IReadOnlyList<int> path, Func<int, string> nameOf)
    {
        string[] names = new string[Math.Min(path.Count, MostNames)];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = nameOf(i == names.Length - 1 ? path[^1] : path[i]);
        }

        return names;
    }

    /// <summary>A duration as coarse as people would say it: <c>8 s</c>, <c>45 s</c>, <c>12 min</c>, <c>1 h 35 min</c>, <c>14 h</c>, <c>3 d</c>.</summary>
    /// <param name="value">The duration.</param>
    /// <param name="up">Whether to round up instead of to the nearest.</param>
    internal static string Round(TimeSpan value, bool up)
    {
        double seconds = Math.Max(0, value.TotalSeconds);
        if (To(seconds, 1) < 20)
        {
            return Text(Math.Max(1, To(seconds, 1)), "s");
        }

        if (To(seconds, 5) < 90)
        {
            return Text(To(seconds, 5), "s");
        }

        if (To(seconds / 60, 1) < 60)
        {
            return Text(To(seconds / 60, 1), "min");
        }

        long minutes = To(seconds / 60, 5);
        if (minutes < 600)
        {
            return minutes % 60 == 0 ? Text(minutes / 60, "h") : $"{Text(minutes / 60, "h")} {Text(minutes % 60, "min")}";
        }

        return To(seconds / 3600, 1) < 48 ? Text(To(seconds / 3600, 1), "h") : Text(To(seconds / 86400, 1), "d");

        // A little more than a whole number is not a whole one more.
        long To(double number, int step) => (long)(up ? Math.Ceiling((number / step) - 1e-9) : Math.Round(number / step, MidpointRounding.AwayFromZero)) * step;
    }

    private static string Text(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
}
