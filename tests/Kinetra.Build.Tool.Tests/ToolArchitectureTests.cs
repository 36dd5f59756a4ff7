using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary>The tool uses Core alone (DESIGN, section 4): no tasks, and of MSBuild only what reads binlogs, in one place.</summary>
public sealed class ToolArchitectureTests
{
    private static readonly string Folder = Repository.PathTo("src", "Kinetra.Build.Tool");

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Folder, file).StartsWith("obj", StringComparison.Ordinal) && !Path.GetRelativePath(Folder, file).StartsWith("bin", StringComparison.Ordinal));

    [Fact]
    public void It_uses_Core_and_nothing_else_of_ours()
    {
        Assert.Contains("Kinetra.Build.Core.csproj", File.ReadAllText(Path.Combine(Folder, "Kinetra.Build.Tool.csproj")));
        Assert.DoesNotContain("Kinetra.Build.Tasks", File.ReadAllText(Path.Combine(Folder, "Kinetra.Build.Tool.csproj")));
        Assert.All(Sources, source => Assert.DoesNotContain("Kinetra.Build.Tasks", File.ReadAllText(source)));
    }

    [Fact]
    public void Only_the_reader_of_binlogs_knows_MSBuild() =>
        Assert.Equal(["BinlogRun.cs"], Sources.Where(source => File.ReadAllText(source).Contains("using Microsoft.Build", StringComparison.Ordinal)).Select(source => Path.GetFileName(source)));

    [Fact]
    public void A_namespace_is_its_folder() =>
        Assert.All(Sources.Where(source => Path.GetFileName(source) != "Program.cs"), source =>
            Assert.Contains($"namespace Kinetra.Build.Tool.{Path.GetDirectoryName(Path.GetRelativePath(Folder, source))};", File.ReadAllText(source)));
}
