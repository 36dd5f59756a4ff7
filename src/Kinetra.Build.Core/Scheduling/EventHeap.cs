namespace Kinetra.Build.Core.Scheduling;

/// <summary>What is to happen at what time, the earliest first; at the same time, the step with the lower index.</summary>
internal sealed class EventHeap
{
    private Event[] _events = new Event[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event.</summary>
    /// <param name="time">When, in seconds.</param>
    /// <param name="step">The step that it happens to.</param>
    public void Push(double time, int step)
    {
        if (Count == _events.Length)
        {
            Array.Resize(ref _events, Count * 2);
        }

        Event added = new(time, step);
        int place = Count++;
        while (place > 0 && added.IsBefore(_events[(place - 1) / 2]))
        {
            _events[place] = _events[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _events[place] = added;
    }

    /// <summary>Takes the earliest event away; there must be one.</summary>
    /// <param name="step">The step that it happens to.</param>
    /// <returns>When, in seconds.</returns>
    public double Pop(out int step)
    {
        Event[] events = _events;
        Event first = events[0];
        Event last = events[--Count];
        int place = 0;
        for (int child = 1; child < Count; child = (place * 2) + 1)
        {
            if (child + 1 < Count && events[child + 1].IsBefore(events[child]))
            {
                child++;
            }

            if (!events[child].IsBefore(last))
            {
                break;
            }

            events[place] = events[child];
            place = child;
        }

        events[place] = last;
        step = first.Step;
        return first.Time;
    }

    private readonly record struct Event(double Time, int Step)
    {
        public bool IsBefore(in Event other) => Time < other.Time || (Time == other.Time && Step < other.Step);
    }
}
