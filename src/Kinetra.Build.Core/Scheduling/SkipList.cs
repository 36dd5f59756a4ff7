namespace Kinetra.Build.Core.Scheduling;

/// <summary>The steps that are not run, in the order in which that was found. Takes no room as long as there are none.</summary>
/// <param name="count">How many steps there are in all.</param>
internal sealed class SkipList(int count)
{
    private SkippedStep[]? _found;
    private int[] _because = [];
    private int _length;
    private int _taken;

    /// <summary>A list with the same content.</summary>
    public SkipList Copy() => new(count)
    {
        _found = (SkippedStep[]?)_found?.Clone(),
        _because = _because.AsSpan().ToArray(),
        _length = _length,
        _taken = _taken,
    };

    /// <summary>Adds a step, each at most once.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isReported">Whether <see cref="TryTake"/> is to give it.</param>
    public void Add(SkippedStep step, bool isReported)
    {
        if (_found is null)
        {
            (_found, _because) = (new SkippedStep[count], new int[count]);
        }

        _because[step.Step] = step.Because + 1 ?? 0;
        if (isReported)
        {
            _found[_length++] = step;
        }
    }

    /// <summary>The step that was the reason for a skipped one; null if there was none.</summary>
    public int? BecauseOf(int step) => _because[step] is > 0 and int because ? because - 1 : null;

    /// <summary>Takes the next one.</summary>
    public bool TryTake(out SkippedStep step)
    {
        bool any = _taken < _length;
        step = any ? _found![_taken++] : default;
        return any;
    }
}
