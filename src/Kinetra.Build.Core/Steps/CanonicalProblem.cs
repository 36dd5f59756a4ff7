using System.Globalization;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Reads the form in which compilers and MSBuild print problems (learn.microsoft.com "MSBuild and Visual Studio format for
/// diagnostic messages"): <c>origin(line,column): subcategory error CODE: text</c>, with <c>(line)</c>, <c>(line-line)</c>,
/// <c>(line,column-column)</c> and <c>(line,column,line,column)</c> too; and that of gcc and clang,
/// <c>file:line:column: error: text</c>.
/// </summary>
/// <remarks>
/// Stricter than MSBuild's Exec, as what a program merely says is no problem of the build: <c>Error: no such user</c> and
/// <c>Download failed: error: timeout</c> are not taken. There has to be a place in a file, a code such as <c>CS0168</c>, or a
/// space before the colon behind the origin.
/// </remarks>
internal static class CanonicalProblem
{
    // No origin with a place is longer; a longer line is only searched so far.
    private const int LongestHead = 500;

    private static readonly (string Word, ProblemKind Kind)[] Categories = [("error", ProblemKind.Error), ("warning", ProblemKind.Warning)];

    /// <summary>Reads a line.</summary>
    /// <returns>Null for a line of another form.</returns>
    public static Problem? Parse(string line)
    {
        ReadOnlySpan<char> head = line.AsSpan(0, Math.Min(line.Length, LongestHead));
        foreach ((string word, ProblemKind kind) in Categories)
        {
            for (int start = 0; ;)
            {
                int found = head[start..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
                if (found < 0)
                {
                    break;
                }

                start += found + word.Length;
                if (Read(line, head[..(start - word.Length)], start, kind) is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    // The category is found; what stands before and behind it decides.
    private static Problem? Read(string line, ReadOnlySpan<char> before, int after, ProblemKind kind)
    {
        if ((!before.IsEmpty && before[^1] is not (' ' or ':' or '\t')) || !TryReadCode(line.AsSpan(after), out string? code, out int text))
        {
            return null;
        }

        (string File, ProblemPlace Place, bool IsClear)? origin = Origin(before, code is null);
        bool hasCode = code is not null && IsCode(code);
        if (origin is not { } known || !(known.Place.Line > 0 || hasCode || (known.IsClear && code is null)))
        {
            return null;
        }

        return new Problem(kind, line[(after + text)..].Trim()) { File = known.File.Length > 0 ? known.File : null, Place = known.Place, Code = code };
    }

    // " CODE :", or only ":".
    private static bool TryReadCode(ReadOnlySpan<char> rest, out string? code, out int text)
    {
        (code, text) = (null, 0);
        int colon = rest.IndexOf(':');
        if (colon < 0)
        {
            return false;
        }

        ReadOnlySpan<char> between = rest[..colon].Trim();
        text = colon + 1;
        if (between.IsEmpty)
        {
            return true;
        }

        code = between.ToString();
        return rest[0] == ' ' && !between.Contains(' ');
    }

    private static bool IsCode(string code) => char.IsAsciiLetter(code[0]) && char.IsAsciiDigit(code[^1]) && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static (string File, ProblemPlace Place, bool IsClear)? Origin(ReadOnlySpan<char> before, bool mayBeGnu)
    {
        int colon = before.LastIndexOf(':');
        if (colon < 0)
        {
            // No origin, perhaps a subcategory: "fatal error LNK1106".
            return ("", default, false);
        }

        ReadOnlySpan<char> origin = before[..colon].TrimStart();
        bool isClear = origin.Length > 0 && origin[^1] == ' ';
        origin = WithoutNodeNumber(origin.TrimEnd());
        if (origin.IsEmpty)
        {
            return null;
        }

        // A colon inside is a drive's, or makes it another form.
        bool hasDrive = origin.Length > 2 && char.IsAsciiLetter(origin[0]) && origin[1] == ':';
        if (origin[(hasDrive ? 2 : 0)..].Contains(':'))
        {
            return mayBeGnu ? Gnu(origin) : null;
        }

        return TryReadPlace(origin, out int file, out ProblemPlace place)
            ? (origin[..file].TrimEnd().ToString(), place, isClear)
            : mayBeGnu && !isClear ? null : (origin.ToString(), default, isClear);
    }

    // "3>" of a parallel build's log.
    private static ReadOnlySpan<char> WithoutNodeNumber(ReadOnlySpan<char> origin)
    {
        int end = origin.IndexOf('>');
        return end > 0 && !origin[..end].ContainsAnyExceptInRange('0', '9') ? origin[(end + 1)..] : origin;
    }

    private static bool TryReadPlace(ReadOnlySpan<char> origin, out int file, out ProblemPlace place)
    {
        (file, place) = (origin.LastIndexOf('('), default);
        if (file <= 0 || origin[^1] != ')')
        {
            return false;
        }

        // Up to four parts, each a number or two with a dash.
        Span<(int From, int To)> parts = stackalloc (int, int)[4];
        int count = 0;
        ReadOnlySpan<char> inside = origin[(file + 1)..^1];
        foreach (Range range in inside.Split(','))
        {
            ReadOnlySpan<char> part = inside[range];
            int dash = part.IndexOf('-');
            int to = 0;
            if (count == parts.Length || !TryReadNumber(dash < 0 ? part : part[..dash], out int from) || (dash >= 0 && !TryReadNumber(part[(dash + 1)..], out to)))
            {
                return false;
            }

            parts[count++] = (from, to);
        }

        place = count switch
        {
            1 => new ProblemPlace(parts[0].From, 0, parts[0].To),
            2 => new ProblemPlace(parts[0].From, parts[1].From, parts[1].To > 0 ? parts[0].From : 0, parts[1].To),
            4 => new ProblemPlace(parts[0].From, parts[1].From, parts[2].From, parts[3].From),
            _ => new ProblemPlace(parts[0].From, parts[1].From),
        };
        return place.Line > 0;
    }

    // file:line:column, or file:line. A time of day is none: "Nov 23 10:30:05: error: …".
    private static (string File, ProblemPlace Place, bool IsClear)? Gnu(ReadOnlySpan<char> origin)
    {
        int last = origin.LastIndexOf(':');
        if (!TryReadNumber(origin[(last + 1)..], out int second))
        {
            return null;
        }

        ReadOnlySpan<char> file = origin[..last];
        int colon = file.LastIndexOf(':');
        int line = 0;
        bool hasColumn = colon > 1 && TryReadNumber(file[(colon + 1)..], out line);
        file = hasColumn ? file[..colon] : file;
        int name = file.LastIndexOfAny(' ', '/', '\\') + 1;
        bool isFile = file[name..].ContainsAnyInRange('a', 'z') || file[name..].ContainsAnyInRange('A', 'Z');
        ProblemPlace place = hasColumn ? new ProblemPlace(line, second) : new ProblemPlace(second);
        return isFile && place.Line > 0 ? (file.ToString(), place, false) : null;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
