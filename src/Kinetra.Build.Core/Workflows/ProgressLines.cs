using System.Globalization;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>
/// Tells how far a graph of steps has come: a line for each step that ends; of a large graph not more than about ten a second, where one
/// line stands for several steps that went well. For one thread.
/// </summary>
/// <param name="total">How many steps there are.</param>
/// <param name="say">Shows a line.</param>
/// <param name="time">The clock.</param>
public sealed class ProgressLines(int total, Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    // A step that took longer than this has a line of its own.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    // So few steps have a line each in any case.
    private const int SmallGraph = 50;

    private readonly int _width = total.ToString(CultureInfo.InvariantCulture).Length;
    private int _ended;
    private int _held;
    private StepOutcome? _lastHeld;
    private int _skipped;
    private string? _skipReason;

    // What was not run, or stops others, changes more than an estimate can keep up with.
    private bool _saysTimeLeft;
    private long _lastLine = time.GetTimestamp();
    private long _lastReminder = time.GetTimestamp();

    /// <summary>What is known of the time left, such as <c>about 3 min left</c>; empty if nothing is.</summary>
    public string TimeLeft { get; set; } = "";

    /// <summary>A step has ended, was taken over, or was found in the cache.</summary>
    public void Add(StepOutcome outcome)
    {
        FlushSkipped();
        _ended++;
        _saysTimeLeft = outcome is { ResumedFrom: null, Status: StepStatus.Completed };
        bool isPlain = outcome.Status is StepStatus.Completed or StepStatus.Cached && outcome.Attempts <= 1 && outcome.Duration < Short && outcome.Warning is null;
        if (isPlain && total > SmallGraph)
        {
            (_held, _lastHeld) = (_held + 1, outcome);
            Flush(isDue: _ended == total);
            return;
        }

        Flush(_ended - 1);
        Line(_ended, SignOf(outcome.Status), Describe(outcome));
    }

    /// <summary>A step is not run because of others.</summary>
    public void Skip(StepRecord record)
    {
        _saysTimeLeft = false;
        if (total <= SmallGraph)
        {
            _ended++;
            Line(_ended, "–", $"{record.Name} skipped: {record.Reason}");
            return;
        }

        // Of a large graph thousands may be: one line for all that have the same reason.
        if (_skipReason != record.Reason)
        {
            Flush(_ended);
            FlushSkipped();
        }

        _ended++;
        (_skipped, _skipReason) = (_skipped + 1, record.Reason);
        if (_ended == total)
        {
            FlushSkipped();
        }
    }

    /// <summary>Says how far it is as a whole, every now and then.</summary>
    /// <param name="line">How far.</param>
    public void Remind(string line)
    {
        if (time.GetElapsedTime(_lastReminder) >= Reminder)
        {
            _lastReminder = time.GetTimestamp();
            say(line);
        }
    }

    /// <summary>Shows what was held back.</summary>
    /// <param name="isDue">Whether it is shown at once; otherwise only if it was held back for long enough.</param>
    public void Flush(bool isDue)
    {
        if (isDue || time.GetElapsedTime(_lastLine) >= Interval)
        {
            Flush(_ended);
            FlushSkipped();
        }
    }

    private void FlushSkipped()
    {
        if (_skipped > 0)
        {
            Line(_ended, "–", string.Create(CultureInfo.InvariantCulture, $"{_skipped} {(_skipped == 1 ? "step" : "steps")} skipped: {_skipReason}"));
            (_skipped, _skipReason) = (0, null);
        }
    }

    private void Flush(int upTo)
    {
        if (_held > 0)
        {
            string last = Describe(_lastHeld!);
            Line(upTo, "✓", _held == 1 ? last : string.Create(CultureInfo.InvariantCulture, $"{_held} steps, at last {last}"));
            (_held, _lastHeld) = (0, null);
        }
    }

    private void Line(int count, string sign, string what)
    {
        _lastLine = time.GetTimestamp();
        string number = count.ToString(CultureInfo.InvariantCulture).PadLeft(_width);
        say($"[{number}/{total}] {sign} {what}{(_saysTimeLeft && TimeLeft.Length > 0 && count < total ? " · " + TimeLeft : "")}");
    }

    private static string Describe(StepOutcome outcome) => outcome.ResumedFrom is not null
        ? $"{outcome.Record.Name}: not run again: {outcome.Reason}"
        : $"{outcome.Record.Name} {Duration.Format(outcome.Duration)}{(outcome.Attempts > 1 ? $" (attempt {outcome.Attempts})" : "")}";

    private static string SignOf(StepStatus status) => status switch
    {
        StepStatus.Completed or StepStatus.Cached => "✓",
        StepStatus.Failed => "✗",
        _ => "■",
    };
}
