using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests;

/// <summary>Who may use whom inside Core (DESIGN, section 4). Each folder may use itself, the root, and what is listed here.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Files"] = [],
        ["Keys"] = [],
        ["Retry"] = [],
        ["Processes"] = [],
        ["Scheduling"] = [],
        ["History"] = ["Files", "Scheduling"],
        ["Checksums"] = ["Files", "Keys"],
        ["Backups"] = ["Checksums", "Files", "Keys"],
        ["Fingerprints"] = ["Files"],
        ["Cache"] = ["Files", "Fingerprints"],
        ["Graphs"] = ["Fingerprints"],
        ["Credentials"] = ["Checksums", "Files", "Processes"],
        ["Runs"] = ["Files", "Fingerprints"],
        ["Reports"] = ["Files", "Fingerprints", "Graphs", "History", "Runs"],
        ["Tracing"] = ["Runs"],
        ["Steps"] = ["Cache", "Files", "Fingerprints", "Processes", "Retry", "Runs", "Tracing"],
        ["Publishing"] = ["Files", "Graphs", "Runs"],
        ["Workflows"] = ["Files", "Fingerprints", "Graphs", "History", "Runs", "Scheduling", "Steps"],
    };

    private static readonly string Core = Repository.PathTo("src", "Kinetra.Build.Core");

    [Fact]
    public void Every_folder_has_its_arrows_here() => Assert.Equal(Allowed.Keys.Order(), Folders().Order());

    [Fact]
    public void Folders_use_only_what_they_may_use()
    {
        IEnumerable<string> wrong =
            from source in Sources()
            let folder = Path.GetDirectoryName(Path.GetRelativePath(Core, source))!
            where folder.Length > 0
            from used in Used(File.ReadAllText(source), folder)
            where !Allowed[folder].Contains(used)
            select $"{Path.GetRelativePath(Core, source)} uses {used}";
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("using Kinetra.Build.Core.Files;", "Files")]
    [InlineData("using Lock = Kinetra.Build.Core.Files.FileLock;", "Files")]
    [InlineData("return Files.FilePath.Resolve(a, b);", "Files")]
    [InlineData("(Runs.RunId)x", "Runs")]
    [InlineData("int n = Steps.Count + run.Runs.RunId;", "")]
    [InlineData("// Files.FilePath", "")]
    public void Both_ways_to_use_a_folder_are_seen(string code, string folder) => Assert.Equal(folder, string.Join(' ', Used(code, "Retry")));

    [Fact]
    public void The_root_uses_no_folder() =>
        Assert.All(Directory.GetFiles(Core, "*.cs"), file => Assert.Empty(Used(File.ReadAllText(file), "")));

    [Fact]
    public void The_arrows_that_are_allowed_are_used()
    {
        // An arrow that nobody needs any more is to be taken away.
        ILookup<string, string> used = Sources()
            .SelectMany(source => Used(File.ReadAllText(source), FolderOf(source)).Select(other => (Folder: FolderOf(source), Other: other)))
            .ToLookup(pair => pair.Folder, pair => pair.Other);
        Assert.All(Allowed, arrow => Assert.Empty(arrow.Value.Except(used[arrow.Key])));
    }

    [Fact]
    public void A_namespace_is_its_folder() =>
        Assert.All(Sources(), source =>
        {
            string folder = FolderOf(source);
            Assert.Contains($"namespace Kinetra.Build.Core{(folder.Length == 0 ? "" : "." + folder)};", File.ReadAllText(source));
        });

    [Fact]
    public void Core_knows_no_MSBuild()
    {
        Assert.DoesNotContain(typeof(DiagnosticCodes).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.Build", StringComparison.Ordinal));
        Assert.DoesNotContain("Microsoft.Build", File.ReadAllText(Path.Combine(Core, "Kinetra.Build.Core.csproj")));
        Assert.All(Sources(), source => Assert.DoesNotContain("using Microsoft.Build", File.ReadAllText(source)));
    }

    private static string[] Folders() => [.. Sources().Select(FolderOf).Where(folder => folder.Length > 0).Distinct()];

    private static string FolderOf(string source) => Path.GetDirectoryName(Path.GetRelativePath(Core, source))!;

    private static string[] Sources() =>
    [
        .. Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories)
            .Where(file => !FolderOf(file).StartsWith("obj", StringComparison.Ordinal) && !FolderOf(file).StartsWith("bin", StringComparison.Ordinal)),
    ];

    // Both "using Kinetra.Build.Core.Files;" and a name such as Files.FilePath (but not a property, as Steps.Count is); comments
    // do not count.
    private static HashSet<string> Used(string source, string folder)
    {
        string code = Comment().Replace(source, "");
        string names = string.Join('|', Folders());
        IEnumerable<Match> usings = Regex.Matches(code, $@"Kinetra\.Build\.Core\.(?<name>{names})\b");
        string types = string.Join('|', Sources().Select(Path.GetFileNameWithoutExtension));
        IEnumerable<Match> qualified = Regex.Matches(code, $@"(?<![\w.])(?<name>{names})\.({types})\b");
        return [.. usings.Concat(qualified).Select(match => match.Groups["name"].Value).Where(name => name != folder)];
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
