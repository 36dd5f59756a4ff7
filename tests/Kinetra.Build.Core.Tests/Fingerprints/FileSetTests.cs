using CsCheck;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class FileSetTests : IDisposable
{
    private static readonly string[] Tree = ["a.csv", "b.txt", ".hidden", "data/a.csv", "data/ab.csv", "data/x/a.csv", "data/x/y/a.csv", "data/x/y/b.txt", "data-2/a.csv", "logs/l.log"];

    private static readonly string[] Segments = ["*", "**", "?", "data", "x", "y", "a.csv", "*.csv", "a*", "data*", "."];

    private readonly TestProject _project = new();

    public FileSetTests() => Array.ForEach(Tree, file => _project.Write(file, file));

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("a.csv", "a.csv")]
    [InlineData("./data/../a.csv", "a.csv")]
    [InlineData("data", "data/a.csv data/ab.csv data/x/a.csv data/x/y/a.csv data/x/y/b.txt")]
    [InlineData("data/", "data/a.csv data/ab.csv data/x/a.csv data/x/y/a.csv data/x/y/b.txt")]
    [InlineData("data/**", "data/a.csv data/ab.csv data/x/a.csv data/x/y/a.csv data/x/y/b.txt")]
    [InlineData("data/*", "data/a.csv data/ab.csv")]
    [InlineData("data/?.csv", "data/a.csv")]
    [InlineData("data/??.csv", "data/ab.csv")]
    [InlineData("data/**/a.csv", "data/a.csv data/x/a.csv data/x/y/a.csv")]
    [InlineData("data/**/**/a.csv", "data/a.csv data/x/a.csv data/x/y/a.csv")]
    [InlineData("data/**/y/*", "data/x/y/a.csv data/x/y/b.txt")]
    [InlineData("*/x", "data/x/a.csv data/x/y/a.csv data/x/y/b.txt")]
    [InlineData("*/x/a.csv", "data/x/a.csv")]
    [InlineData("d*/a.csv", "data-2/a.csv data/a.csv")]
    [InlineData("**/*.txt", "b.txt data/x/y/b.txt")]
    [InlineData("*", ".hidden a.csv b.txt")]
    [InlineData("./*.csv", "a.csv")]
    [InlineData("data/**.csv", "data/a.csv data/ab.csv")]
    [InlineData("none*", "")]
    [InlineData("none/**", "")]
    [InlineData("a.csv/*", "")]
    [InlineData("*/a.csv/b", "")]
    [InlineData("data/*;data/a.csv;a.csv", "a.csv data/a.csv data/ab.csv")]
    public void A_pattern_stands_for_its_files(string patterns, string expected) => Assert.Equal(expected, string.Join(' ', Expand(patterns.Split(';'))));

    [Fact]
    public void The_project_itself_is_a_directory_too() => Assert.Equal(Tree.Order(StringComparer.Ordinal), Expand("."));

    [Fact]
    public void Own_directories_are_passed_over_unless_they_are_named()
    {
        string[] own = [_project.Folder["logs"] + Path.DirectorySeparatorChar];
        Assert.Equal(Tree.Where(file => !file.StartsWith("logs", StringComparison.Ordinal)).Order(StringComparer.Ordinal), Names(FileSet.Expand(_project.Folder.Root, ["**"], own)));
        Assert.Equal(["logs/l.log"], Names(FileSet.Expand(_project.Folder.Root, ["logs/l.log"], own)));
    }

    [Fact]
    public void What_version_control_keeps_is_passed_over_unless_it_is_named()
    {
        using TestProject project = new();
        foreach (string file in (string[])["a.txt", "sub/b.txt", ".git/HEAD", ".git/refs/main", "sub/.git", ".hg/x", ".svn/x", ".jj/x", ".gitignore"])
        {
            project.Write(file, "");
        }

        string[] Find(params string[] patterns) => Names(FileSet.Expand(project.Folder.Root, patterns, []));
        Assert.Equal([".gitignore", "a.txt", "sub/b.txt"], Find("**"));
        Assert.Equal([".gitignore", "a.txt", "sub/b.txt"], Find("."));
        Assert.Equal([".git/HEAD"], Find(".git/HEAD"));
        Assert.Equal([".git/refs/main"], Find(".git/refs/**"));
    }

    [Fact]
    public void Paths_outside_keep_the_form_they_were_written_in()
    {
        using TestProject other = new();
        string file = other.Write("a b/x.csv", "").Full;
        Assert.Equal([file.Replace('\\', '/')], Expand(file));
        Assert.Equal([file.Replace('\\', '/')], Expand(Path.Combine(other.Folder.Root, "**", "*.csv")));
        string up = $"../{Path.GetFileName(other.Folder.Root)}";
        Assert.Equal([$"{up}/a b/x.csv"], Expand($"{up}/*/x.csv"));
        Assert.Equal(["data/a.csv"], Expand(_project.Folder["data/a.csv"]));
    }

    [Fact]
    public void A_plain_path_that_is_not_there_is_told_as_it_was_written()
    {
        List<string> missing = [];
        FileSet.Expand(_project.Folder.Root, ["none.csv", "data/../none/", "none*", "a.csv"], [], missing.Add);
        Assert.Equal(["none.csv", "data/../none/"], missing);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void What_is_no_path_is_refused(string pattern) =>
        Assert.Equal(DiagnosticCodes.UnusablePath, Assert.Throws<KinetraException>(() => Expand(pattern)).Code);

    [Fact]
    public void Links_are_followed_but_not_in_circles()
    {
        Platform.RequireUnix();
        Directory.CreateSymbolicLink(_project.Folder["data/x/up"], "..");
        Directory.CreateSymbolicLink(_project.Folder["data/x/self"], ".");
        Directory.CreateSymbolicLink(_project.Folder["data/x/y/root"], _project.Folder.Root);
        Directory.CreateSymbolicLink(_project.Folder["data/x/side"], "../../data-2");
        Directory.CreateSymbolicLink(_project.Folder["data-2/back"], "../data/x/y");
        File.CreateSymbolicLink(_project.Folder["data/l.csv"], "../a.csv");
        File.CreateSymbolicLink(_project.Folder["data/nowhere"], "none");

        // The link that leads nowhere is left to whoever reads it.
        Assert.Equal(
            ["data/a.csv", "data/ab.csv", "data/l.csv", "data/nowhere", "data/x/a.csv", "data/x/side/a.csv", "data/x/side/back/a.csv", "data/x/side/back/b.txt", "data/x/y/a.csv", "data/x/y/b.txt"],
            Expand("data"));
        using DigestCache digests = new(null, TimeProvider.System);
        Assert.Equal(9, FileDigests.Compute(FileSet.Expand(_project.Folder.Root, ["data"], []), digests).Count());
    }

    [Fact]
    public void Two_links_to_each_others_directories_end()
    {
        Platform.RequireUnix();
        _project.Write("p/1", "");
        _project.Write("q/2", "");
        Directory.CreateSymbolicLink(_project.Folder["p/q"], "../q");
        Directory.CreateSymbolicLink(_project.Folder["q/p"], "../p");
        Assert.Equal(["p/1", "p/q/2"], Expand("p"));
    }

    [Fact]
    public void A_pipe_that_is_named_is_refused_and_one_in_a_directory_is_passed_over()
    {
        Platform.RequireUnix();
        Platform.MakeFifo(_project.Folder["logs/pipe"]);
        Assert.Equal(DiagnosticCodes.UnusablePath, Assert.Throws<KinetraException>(() => Expand("logs/pipe")).Code);
        using DigestCache digests = new(null, TimeProvider.System);
        Assert.Equal(["logs/l.log"], FileDigests.Compute(FileSet.Expand(_project.Folder.Root, ["logs"], []), digests).Select(file => file.File.Display));
    }

    [Fact]
    public void A_directory_that_cannot_be_listed_is_an_error()
    {
        using IDisposable unreadable = Unreadable.Directory(_project.Folder, "data/x");
        KinetraException error = Assert.Throws<KinetraException>(() => Expand("**/*.csv"));
        Assert.Equal(DiagnosticCodes.FileUnreadable, error.Code);
        Assert.Contains("data/x", error.Message);
    }

    [Fact]
    public void A_pattern_matches_exactly_the_files_that_it_expands_to() =>
        Gen.Int[0, Segments.Length - 1].Select(i => Segments[i]).Array[1, 4].Sample(
            segments =>
            {
                string pattern = string.Join('/', segments);
                FilePattern parsed = FilePattern.Parse(_project.Folder.Root, pattern);
                Assert.Equal(Expand(pattern), Tree.Where(file => parsed.Matches(_project.Folder[file])).Order(StringComparer.Ordinal));
            },
            iter: 5 * PropertyCases.Sequences);

    private string[] Expand(params string[] patterns) => Names(FileSet.Expand(_project.Folder.Root, patterns, []));

    private static string[] Names(IReadOnlyList<FilePath> files) => [.. files.Select(file => file.Display)];
}
