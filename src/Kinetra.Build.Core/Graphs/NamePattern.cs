namespace Kinetra.Build.Core.Graphs;

/// <summary>A pattern of step names: <c>*</c> stands for any text, also none, and <c>?</c> for any one character; case matters.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name has a wildcard in it.</summary>
    /// <param name="name">As written.</param>
    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Whether a name matches.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="name">A name.</param>
    public static bool IsMatch(string pattern, string name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int taken = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, taken) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more; what came before it need not be looked at again.
                (p, n) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
