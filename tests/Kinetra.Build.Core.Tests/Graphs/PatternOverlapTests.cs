using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class PatternOverlapTests
{
    [Fact]
    public void Names_overlap_if_there_is_a_name_that_matches_both()
    {
        // Each character of a name is needed by one of the two, so six are enough.
        string[] patterns = Words(["a", "b", "*", "?"], 3, "");
        string[] names = Words(["a", "b"], 6, "");
        Compare(patterns, pattern => [.. names.Select(name => FilePattern.IsMatch(pattern, name))], PatternOverlap.SegmentsOverlap);
    }

    [Fact]
    public void Patterns_overlap_if_there_is_a_path_that_matches_both()
    {
        // For each two of these names of patterns that overlap there is a name that does, and six names one below the other are enough.
        string[] patterns = Words(["a", "*", "?", "a*", "*b", "**"], 3, "/");
        string[] paths = [.. Words(["a", "b", "ab"], 6, "/").Select(path => Path.Combine(Graph.Project, Path.Combine(path.Split('/'))))];
        Dictionary<string, DeclaredFile> declared = patterns.ToDictionary(pattern => pattern, pattern => new DeclaredFile(0, pattern, FilePattern.Parse(Graph.Project, pattern), ignoresCase: false));
        Compare(
            patterns,
            pattern =>
            {
                FilePattern parsed = FilePattern.Parse(Graph.Project, pattern);
                return [.. paths.Select(parsed.Matches)];
            },
            (left, right) =>
            {
                bool overlap = PatternOverlap.Exists(declared[left].Segments, declared[right].Segments);
                Assert.True(!overlap || (declared[left].IsPlain && declared[right].IsPlain) || declared[left].MayOverlap(declared[right]), $"{left} and {right}");
                return overlap;
            });
    }

    [Fact]
    public void Many_wildcards_take_no_time()
    {
        string deep = string.Join('/', Enumerable.Repeat("**/a", 200));
        string wide = string.Concat(Enumerable.Repeat("*a", 200));
        Assert.Single(Graph.Of($"use | {deep}/b? |", $"make | | {deep}/c?", $"third | | {deep}/??").DependenciesOf(0));
        Assert.Single(Graph.Of($"use | {wide}b |", $"make | | {wide}c", $"third | | {wide}?").DependenciesOf(0));
    }

    [Fact]
    public void A_backslash_takes_the_next_character_as_it_is()
    {
        Platform.RequireUnix();
        Assert.True(PatternOverlap.SegmentsOverlap(@"\**", "*a"));
        Assert.True(PatternOverlap.SegmentsOverlap(@"\*a?", "?ab"));
        Assert.False(PatternOverlap.SegmentsOverlap(@"\*a?", "bab"));
    }

    private static void Compare(string[] patterns, Func<string, bool[]> matches, Func<string, string, bool> overlap)
    {
        bool[][] matched = [.. patterns.Select(matches)];
        int overlapping = 0;
        for (int i = 0; i < patterns.Length; i++)
        {
            for (int j = 0; j < patterns.Length; j++)
            {
                bool expected = HaveCommon(matched[i], matched[j]);
                overlapping += expected ? 1 : 0;
                if (expected != overlap(patterns[i], patterns[j]))
                {
                    Assert.Fail($"{patterns[i]} and {patterns[j]}: {(expected ? "overlap" : "do not overlap")}");
                }
            }
        }

        Assert.InRange(overlapping, patterns.Length, (patterns.Length * patterns.Length) - patterns.Length);
    }

    private static bool HaveCommon(bool[] left, bool[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] && right[i])
            {
                return true;
            }
        }

        return false;
    }

    // All of up to so many parts.
    private static string[] Words(string[] parts, int most, string separator)
    {
        List<string> words = [.. parts];
        int begin = 0;
        for (int length = 2; length <= most; length++)
        {
            int end = words.Count;
            for (; begin < end; begin++)
            {
                words.AddRange(parts.Select(part => words[begin] + separator + part).ToArray());
            }
        }

        return [.. words];
    }
}
