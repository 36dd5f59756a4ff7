using System.Diagnostics;
using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>
/// Another program that times itself, so that its start does not count: for each line with a number it does that many
/// operations and answers with the microseconds of each.
/// </summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(Process process) => _process = process;

    /// <summary>Starts a peer.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Peer Start(string program, params IEnumerable<string> arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>As a case of an interleaved run.</summary>
    /// <param name="name">As the table shows it.</param>
    /// <param name="repeat">How many operations a sample is the mean of.</param>
    public Case As(string name, int repeat) => new(name, () =>
    {
        _process.StandardInput.WriteLine(repeat.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{name} ended; see its message above.");
        double[] times = [.. answer.Split(' ').Select(time => double.Parse(time, CultureInfo.InvariantCulture))];
        return times.Length == repeat ? times.Average() : throw new InvalidOperationException($"{name} answered {times.Length} times instead of {repeat}.");
    });

    /// <summary>Ends it: there is nothing more to do once its input ends.</summary>
    public void Dispose()
    {
        _process.StandardInput.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
