namespace Kinetra.Build.Core;

/// <summary>A stack of numbers. Grows as needed. (The one of .NET has no precompiled code for numbers, and would be compiled in each build.)</summary>
internal sealed class IndexStack
{
    private int[] _items = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a number.</summary>
    public void Push(int item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(8, Count * 2));
        }

        _items[Count++] = item;
    }

    /// <summary>The number added last; there must be one.</summary>
    public int Peek() => _items[Count - 1];

    /// <summary>Takes the number away that was added last; there must be one.</summary>
    public int Pop() => _items[--Count];
}
