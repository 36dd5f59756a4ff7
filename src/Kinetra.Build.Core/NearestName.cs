namespace Kinetra.Build.Core;

/// <summary>Finds the name that somebody most likely meant.</summary>
public static class NearestName
{
    // Nobody mistypes a name that long, and the comparison takes time with the square of the length.
    private const int Longest = 200;

    /// <summary>
    /// The nearest of some names: one that differs in case only, else the one with the fewest characters inserted, left out, exchanged or swapped
    /// with their neighbour (Damerau-Levenshtein distance, optimal string alignment), at most one in three; the first of several.
    /// </summary>
    /// <param name="name">As written.</param>
    /// <param name="names">Those that there are.</param>
    /// <returns>Null if none is near.</returns>
    public static string? Find(string name, IEnumerable<string> names)
    {
        int limit = name.Length > Longest ? 0 : Math.Max(1, name.Length / 3);
        string? nearest = null;
        string folded = name.ToUpperInvariant();
        foreach (string other in names)
        {
            if (other.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return other;
            }

            // A name of one or two characters has nothing in common with another that differs in one.
            if (limit == 0 || name.Length < 3 || Math.Abs(other.Length - name.Length) > limit)
            {
                continue;
            }

            int distance = Distance(folded, other.ToUpperInvariant());
            if (distance <= limit)
            {
                (nearest, limit) = (other, distance - 1);
            }
        }

        return nearest;
    }

    /// <summary>What a message about an unknown name ends with: <c> Did you mean "…"?</c>, or nothing.</summary>
    /// <param name="name">As written.</param>
    /// <param name="names">Those that there are.</param>
    public static string Hint(string name, IEnumerable<string> names) => Find(name, names) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";

    private static int Distance(string left, string right)
    {
        int[] before = new int[right.Length + 1];
        int[] last = new int[right.Length + 1];
        int[] row = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int exchanged = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(exchanged, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[right.Length];
    }
}
