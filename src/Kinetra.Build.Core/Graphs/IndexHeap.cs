namespace Kinetra.Build.Core.Graphs;

/// <summary>
/// Numbers of which the least is taken first: a binary heap. (The one of .NET is generic over two value types, and would be compiled in
/// each build.)
/// </summary>
/// <param name="capacity">How many it holds at most.</param>
internal sealed class IndexHeap(int capacity)
{
    private readonly int[] _items = new int[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a number.</summary>
    /// <param name="item">The number.</param>
    public void Add(int item)
    {
        int place = Count++;
        while (place > 0 && _items[(place - 1) / 2] > item)
        {
            _items[place] = _items[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _items[place] = item;
    }

    /// <summary>Takes the least number; there has to be one.</summary>
    public int Take()
    {
        int least = _items[0];
        int item = _items[--Count];
        int place = 0;
        for (int child = 1; child < Count; child = (2 * place) + 1)
        {
            if (child + 1 < Count && _items[child + 1] < _items[child])
            {
                child++;
            }

            if (_items[child] >= item)
            {
                break;
            }

            _items[place] = _items[child];
            place = child;
        }

        _items[place] = item;
        return least;
    }
}
