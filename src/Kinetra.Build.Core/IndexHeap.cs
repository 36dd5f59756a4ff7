namespace Kinetra.Build.Core;

/// <summary>
/// A heap of numbers, smallest first. Grows as needed. (The one of .NET is generic over two value types, and would be compiled in each
/// build.)
/// </summary>
internal sealed class IndexHeap
{
    private int[] _items = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How often two places have been compared: a measure of the work done.</summary>
    public long Comparisons { get; private set; }

    /// <summary>A heap of the same numbers.</summary>
    public IndexHeap Copy() => new() { _items = _items.AsSpan(0, Count).ToArray(), Count = Count };

    /// <summary>Adds a number.</summary>
    public void Push(int item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(8, Count * 2));
        }

        int place = Count++;
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            Comparisons++;
            if (_items[parent] <= item)
            {
                break;
            }

            _items[place] = _items[parent];
            place = parent;
        }

        _items[place] = item;
    }

    /// <summary>Takes the smallest number away; there must be one.</summary>
    public int Pop()
    {
        int[] items = _items;
        int first = items[0];
        int last = items[--Count];
        int place = 0;
        for (int child = 1; child < Count; child = (place * 2) + 1)
        {
            Comparisons++;
            if (child + 1 < Count && items[child + 1] < items[child])
            {
                child++;
            }

            if (last <= items[child])
            {
                break;
            }

            items[place] = items[child];
            place = child;
        }

        items[place] = last;
        return first;
    }
}
