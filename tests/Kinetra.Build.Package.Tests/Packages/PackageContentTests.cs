using System.IO.Compression;
using Xunit;

namespace Kinetra.Build.Package.Tests.Packages;

public sealed class PackageContentTests(PackedSdk sdk)
{
    // What ships, without the diagnostics' pages, which follow the codes.
    private static readonly string[] Approved =
    [
        "CHANGELOG.md", "LICENSE", "README.md", "Sdk/Sdk.props", "Sdk/Sdk.targets", "THIRD-PARTY-NOTICES.md",
        "build/Kinetra.Build.BuildId.proj", "build/Kinetra.Build.Standalone.props", "build/Kinetra.Build.Standalone.targets", "build/Kinetra.Build.props", "build/Kinetra.Build.targets",
        "docs/ci.md", "docs/encrypted-backups.md", "docs/files.md", "docs/kinetra.md", "docs/opentelemetry.md", "docs/promises.md", "docs/reference.md", "docs/report.md", "docs/run-journal.md", "docs/step-cache.md",
        "tasks/net10.0-linux-x64/Kinetra.Build.Core.dll", "tasks/net10.0-linux-x64/Kinetra.Build.Tasks.deps.json", "tasks/net10.0-linux-x64/Kinetra.Build.Tasks.dll", "tasks/net10.0-linux-x64/Polly.Core.dll",
        "tasks/net10.0/Kinetra.Build.Core.dll", "tasks/net10.0/Kinetra.Build.Tasks.deps.json", "tasks/net10.0/Kinetra.Build.Tasks.dll", "tasks/net10.0/Polly.Core.dll",
    ];

    [Fact]
    public void The_package_holds_what_was_approved_and_nothing_else()
    {
        using ZipArchive package = ZipFile.OpenRead(sdk.File);

        string[] content =
        [
            .. package.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name is not ("[Content_Types].xml" or "Kinetra.Build.nuspec"))
                .Where(name => !name.StartsWith("docs/diagnostics/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(Approved, content);
    }

    [Fact]
    public void The_package_is_an_MSBuild_SDK_without_dependencies()
    {
        using ZipArchive package = ZipFile.OpenRead(sdk.File);
        using StreamReader reader = new(package.GetEntry("Kinetra.Build.nuspec")!.Open());

        string nuspec = reader.ReadToEnd();

        Assert.Contains("<packageType name=\"MSBuildSdk\"", nuspec);
        Assert.Contains("<license type=\"expression\">MIT</license>", nuspec);
        Assert.DoesNotContain("<dependency ", nuspec);
    }
}
