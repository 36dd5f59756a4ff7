namespace Kinetra.Build.Core.Graphs;

/// <summary>
/// The patterns of many steps, such that those which stand for some file are found without looking at all. They are sorted by their keys: those whose
/// key begins with a given one lie side by side, and those whose key a given one begins with are linked, each group of equal keys to the
/// nearest one before it.
/// </summary>
internal sealed class DeclaredFiles
{
    private readonly DeclaredFile[] _files;

    // Of each file, where its group of equal keys begins; of each beginning, that of the group whose key this one begins with, or -1.
    private readonly int[] _first;

    private readonly int[] _parent;

    /// <summary>Sorts the patterns.</summary>
    /// <param name="files">The patterns.</param>
    public DeclaredFiles(IEnumerable<DeclaredFile> files)
    {
        _files = [.. files];
        Array.Sort(_files, Compare);
        _first = new int[_files.Length];
        _parent = new int[_files.Length];
        for (int i = 0; i < _files.Length; i++)
        {
            if (i > 0 && _files[i].Key == _files[i - 1].Key)
            {
                _first[i] = _first[i - 1];
                continue;
            }

            _first[i] = i;
            _parent[i] = i == 0 ? -1 : NearestBeginning(_files[i].Key, _first[i - 1]);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _files.Length;

    /// <summary>A pattern.</summary>
    /// <param name="index">Its place among the sorted ones; the same patterns of several steps lie side by side.</param>
    public DeclaredFile this[int index] => _files[index];

    /// <summary>The other patterns whose key is that of a pattern in here, or what it begins with; of one with wildcards only the plain ones.</summary>
    /// <param name="index">Its place.</param>
    public IEnumerable<DeclaredFile> Above(int index)
    {
        for (int group = _first[index]; group >= 0; group = _parent[group])
        {
            for (int i = group; i < _files.Length && _first[i] == group; i++)
            {
                if (!_files[index].IsPlain && !_files[i].IsPlain)
                {
                    break;
                }

                if (i != index)
                {
                    yield return _files[i];
                }
            }
        }
    }

    /// <summary>Gathers the patterns that stand for some file that a given one stands for.</summary>
    /// <param name="file">A pattern, not one of these.</param>
    /// <param name="found">Where they are added, those of each group of keys in the order of the steps.</param>
    public void AddOverlapping(DeclaredFile file, List<DeclaredFile> found)
    {
        int place = LowerBound(file.Key);
        int next = place;
        for (; next < _files.Length && _files[next].Key == file.Key; next++)
        {
            AddIfOverlapping(file, _files[next], found);
        }

        // A plain path goes on with a separator.
        string beginning = file.IsPlain ? file.Key + "/" : file.Key;
        for (int i = file.IsPlain ? LowerBound(beginning) : next; i < _files.Length && _files[i].Key.StartsWith(beginning, StringComparison.Ordinal); i++)
        {
            AddIfOverlapping(file, _files[i], found);
        }

        for (int group = place == 0 ? -1 : NearestBeginning(file.Key, _first[place - 1]); group >= 0; group = _parent[group])
        {
            for (int i = group; i < _files.Length && _first[i] == group; i++)
            {
                AddIfOverlapping(file, _files[i], found);
            }
        }
    }

    private static void AddIfOverlapping(DeclaredFile file, DeclaredFile other, List<DeclaredFile> found)
    {
        if (file.Overlaps(other))
        {
            found.Add(other);
        }
    }

    // Every key that begins the given one lies on the links from the last group before it.
    private int NearestBeginning(string key, int group)
    {
        while (group >= 0 && !key.StartsWith(_files[group].Key, StringComparison.Ordinal))
        {
            group = _parent[group];
        }

        return group;
    }

    private int LowerBound(string key)
    {
        int low = 0;
        int high = _files.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_files[middle].Key, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // The same patterns lie side by side, in the order of their steps; of equal keys, plain ones come first.
    private static int Compare(DeclaredFile left, DeclaredFile right)
    {
        int order = string.CompareOrdinal(left.Key, right.Key);
        if (order == 0 && left.IsPlain != right.IsPlain)
        {
            order = left.IsPlain ? -1 : 1;
        }

        if (order == 0 && !left.IsPlain)
        {
            order = left.Segments.Length.CompareTo(right.Segments.Length);
            for (int i = 0; order == 0 && i < left.Segments.Length; i++)
            {
                order = string.CompareOrdinal(left.Segments[i], right.Segments[i]);
            }
        }

        return order != 0 ? order : left.Step.CompareTo(right.Step);
    }
}
