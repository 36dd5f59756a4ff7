using System.Diagnostics;
using System.Globalization;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Torture;

/// <summary>A run of many steps that do nothing: what it costs to record them.</summary>
internal static class Cost
{
    /// <summary>Runs the steps.</summary>
    /// <param name="folder">The project's directory.</param>
    /// <param name="count">How many.</param>
    /// <returns>
    /// After each tenth of the steps, and at the run's end, a line: how many there were, the bytes that were written and read so far,
    /// the calls that wrote them, and the milliseconds that it took.
    /// </returns>
    public static IEnumerable<string> Run(string folder, int count)
    {
        long start = Stopwatch.GetTimestamp();
        using WorkflowRun run = WorkflowRun.Start(RunOperation.Settings(new Scene(folder), resume: false), TimeProvider.System);
        for (int number = 1; number <= count; number++)
        {
            string name = $"step {number}";
            Fingerprint fingerprint = Fingerprint.Of([new Component("command", new string('0', 64), "echo " + name), new Component("directory", new string('1', 64), ".")]);
            StepRecord step = run.Begin(name, run.Reserve(name), critical: true, fingerprint, "a run from the start");
            run.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=" + name);
            run.End(step, StepStatus.Completed, 1, 0, null, "logs/" + name);
            if (number % (count / 10) == 0)
            {
                yield return Line(number, start);
            }
        }

        run.Finish(RunStatus.Completed);
        yield return Line(count, start);
    }

    private static string Line(int number, long start)
    {
        Dictionary<string, long> counts = File.ReadLines("/proc/self/io")
            .Select(line => line.Split(": "))
            .ToDictionary(line => line[0], line => long.Parse(line[1], CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"{number} {counts["wchar"]} {counts["rchar"]} {counts["syscw"]} {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0}");
    }
}
