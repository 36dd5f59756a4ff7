using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Shows the output of a step in the build's log: as it comes where one step runs at a time, else together once it has ended, so that the
/// lines of several steps do not mix. Of a step that prints without end only the first lines, as its own log file has everything.
/// </summary>
/// <param name="step">The step's name.</param>
/// <param name="log">The build's log.</param>
/// <param name="isHeld">Whether lines wait for <see cref="Flush"/>.</param>
internal sealed class StepLines(string step, TaskLoggingHelper log, bool isHeld)
{
    private const int MaximumLines = 20_000;

    private readonly List<string> _held = [];
    private int _count;

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line, secrets masked.</param>
    public void Add(string line)
    {
        int number = ++_count;
        if (number > MaximumLines + 1)
        {
            return;
        }

        string shown = number <= MaximumLines ? line : $"{step}: more than {MaximumLines} lines; the rest is in its log file only.";
        if (isHeld)
        {
            _held.Add(shown);
        }
        else
        {
            Show(shown);
        }
    }

    /// <summary>Shows the lines that wait.</summary>
    public void Flush()
    {
        _held.ForEach(Show);
        _held.Clear();
    }

    private void Show(string line) => log.LogMessage(MessageImportance.Normal, "{0}", line);
}
