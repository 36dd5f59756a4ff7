using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Graphs;

/// <summary>
/// Whether there is a path that two patterns stand for, by walking both together: through their names, and within two names through
/// their characters. Exact, in time with the product of the lengths.
/// </summary>
internal static class PatternOverlap
{
    /// <summary>Whether a path matches both.</summary>
    /// <param name="left">All names of one pattern (<see cref="DeclaredFile.Segments"/>).</param>
    /// <param name="right">Those of another.</param>
    public static bool Exists(ReadOnlySpan<string> left, ReadOnlySpan<string> right)
    {
        // As long as both have one name at this place, there is but one way on.
        int same = 0;
        while (same < left.Length && same < right.Length && !IsAnyDepth(left[same]) && !IsAnyDepth(right[same]))
        {
            if (!SegmentsOverlap(left[same], right[same]))
            {
                return false;
            }

            same++;
        }

        left = left[same..];
        right = right[same..];
        int width = right.Length + 1;
        bool[] reached = new bool[(left.Length + 1) * width];
        reached[0] = true;
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                int here = (i * width) + j;
                if (!reached[here])
                {
                    continue;
                }

                bool leftDeep = i < left.Length && IsAnyDepth(left[i]);
                bool rightDeep = j < right.Length && IsAnyDepth(right[j]);
                if (leftDeep || (rightDeep && i < left.Length))
                {
                    // "**" stands for nothing more, or the other one's "**" takes this name.
                    reached[here + width] = true;
                }

                if (rightDeep || (leftDeep && j < right.Length))
                {
                    reached[here + 1] = true;
                }

                if (!leftDeep && !rightDeep && i < left.Length && j < right.Length && SegmentsOverlap(left[i], right[j]))
                {
                    reached[here + width + 1] = true;
                }
            }
        }

        return reached[^1];
    }

    /// <summary>Whether a name matches two patterns of names.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    public static bool SegmentsOverlap(string left, string right)
    {
        if (left == right)
        {
            return true;
        }

        bool leftWild = FilePattern.IsWild(left);
        bool rightWild = FilePattern.IsWild(right);
        if (!leftWild && !rightWild)
        {
            return false;
        }

        int width = right.Length + 1;
        int places = (left.Length + 1) * width;
        Span<bool> reached = places <= 1024 ? stackalloc bool[places] : new bool[places];
        reached.Clear();
        reached[0] = true;
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (!reached[(i * width) + j])
                {
                    continue;
                }

                Token one = Token.At(left, i, leftWild);
                Token other = Token.At(right, j, rightWild);
                if (one.IsStar || (other.IsStar && i < left.Length))
                {
                    reached[(one.Next * width) + j] = true;
                }

                if (other.IsStar || (one.IsStar && j < right.Length))
                {
                    reached[(i * width) + other.Next] = true;
                }

                if (!one.IsStar && !other.IsStar && i < left.Length && j < right.Length && (one.IsAny || other.IsAny || one.Literal == other.Literal))
                {
                    reached[(one.Next * width) + other.Next] = true;
                }
            }
        }

        return reached[places - 1];
    }

    private static bool IsAnyDepth(string segment) => segment == FilePattern.AnyDepth;

    // One place of a pattern of names. Beside wildcards a backslash takes the next character as it is, as MatchesSimpleExpression has it.
    private readonly ref struct Token
    {
        public bool IsStar { get; private init; }

        public bool IsAny { get; private init; }

        public char Literal { get; private init; }

        public int Next { get; private init; }

        public static Token At(string pattern, int place, bool isWild)
        {
            if (place == pattern.Length)
            {
                return default;
            }

            char here = pattern[place];
            if (isWild && here == '\\' && place + 1 < pattern.Length)
            {
                return new Token { Literal = pattern[place + 1], Next = place + 2 };
            }

            return new Token { IsStar = isWild && here == '*', IsAny = isWild && here == '?', Literal = here, Next = place + 1 };
        }
    }
}
