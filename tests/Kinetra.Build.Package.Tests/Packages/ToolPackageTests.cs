using System.IO.Compression;
using System.Reflection;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Packages;

/// <summary>The tool kinetra as users get it: packed, installed from a folder, used on a run of the packed SDK.</summary>
public sealed class ToolPackageTests(PackedSdk sdk) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _version = $"0.1.0-test.{Guid.NewGuid():N}";

    // What ships. Assemblies of others are named in THIRD-PARTY-NOTICES.md.
    private static readonly string[] Approved =
    [
        "LICENSE", "THIRD-PARTY-NOTICES.md", "kinetra.md",
        "tools/net10.0/any/Acornima.dll", "tools/net10.0/any/DotnetToolSettings.xml", "tools/net10.0/any/Jint.dll", "tools/net10.0/any/Kinetra.Build.Core.dll", "tools/net10.0/any/Microsoft.Build.Framework.dll", "tools/net10.0/any/Microsoft.Build.Utilities.Core.dll",
        "tools/net10.0/any/Microsoft.NET.StringTools.dll", "tools/net10.0/any/Polly.Core.dll", "tools/net10.0/any/Spectre.Console.Ansi.dll", "tools/net10.0/any/Spectre.Console.dll",
        "tools/net10.0/any/StructuredLogger.dll", "tools/net10.0/any/System.CommandLine.dll", "tools/net10.0/any/System.Configuration.ConfigurationManager.dll",
        "tools/net10.0/any/System.Diagnostics.EventLog.dll", "tools/net10.0/any/System.Security.Cryptography.ProtectedData.dll",
        "tools/net10.0/any/kinetra.deps.json", "tools/net10.0/any/kinetra.dll", "tools/net10.0/any/kinetra.runtimeconfig.json",
        "tools/net10.0/any/runtimes/win/lib/net9.0/System.Diagnostics.EventLog.Messages.dll", "tools/net10.0/any/runtimes/win/lib/net9.0/System.Diagnostics.EventLog.dll",
    ];

    [Fact]
    public void The_tool_is_installed_from_a_folder_and_looks_at_a_run_of_the_packed_SDK()
    {
        string configuration = typeof(PackedSdk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Configuration").Value!;
        DotNetResult packed = DotNet.Run(Repository.Root, ["pack", "src/Kinetra.Build.Tool", "--no-build", "-c", configuration, "-p:PackageVersion=" + _version, "-o", _folder["feed"]]);
        Assert.True(packed.ExitCode == 0, packed.ToString());
        AssertContent();

        // With a package folder and a home of its own, and nothing but the feed to get it from.
        _folder.Write("nuget.config", $"""<configuration><packageSources><clear /><add key="feed" value="{_folder["feed"]}" /></packageSources></configuration>""");
        Dictionary<string, string?> environment = new() { ["NUGET_PACKAGES"] = _folder["packages"], ["DOTNET_CLI_HOME"] = _folder["home"] };
        DotNetResult installed = DotNet.Run(_folder.Root, ["tool", "install", "Kinetra.Build.Tool", "--version", _version, "--tool-path", _folder["bin"]], environment);
        Assert.True(installed.ExitCode == 0, installed.ToString());

        using TempFolder project = new();
        IReadOnlyDictionary<string, string?> packages = sdk.Prepare(project);
        project.Write("master.proj", $"""
            <Project Sdk="Kinetra.Build/{sdk.Version}">
              <ItemGroup>
                <KinetraStep Include="download" Command="echo x &gt; prices.csv" Outputs="prices.csv" />
                <KinetraStep Include="count" Command="wc -l prices.csv" Inputs="prices.csv" />
              </ItemGroup>
            </Project>
            """);
        DotNetResult build = DotNet.Run(project.Root, ["build", "master.proj"], packages);
        Assert.True(build.ExitCode == 0, build.ToString());

        string kinetra = Path.Combine(_folder["bin"], OperatingSystem.IsWindows() ? "kinetra.exe" : "kinetra");
        string status = Run("status");
        Assert.Contains("2 steps: 2 completed.", status);
        Assert.Contains("--> s1", Run("graph").Replace("|\"prices.csv\"|", "", StringComparison.Ordinal));
        Assert.StartsWith("0.1.0", Run("--version"));
        Assert.Contains("✓  SDK", Run("doctor"));

        string Run(string command)
        {
            using RunningDotNet running = DotNet.Start(project.Root, [command], packages, kinetra);
            DotNetResult result = running.WaitForEnd(TimeSpan.FromMinutes(1));
            Assert.True(result.ExitCode == 0, result.ToString());
            return result.Output;
        }
    }

    public void Dispose() => _folder.Dispose();

    private void AssertContent()
    {
        using ZipArchive package = ZipFile.OpenRead(_folder[$"feed/Kinetra.Build.Tool.{_version}.nupkg"]);
        string[] content =
        [
            .. package.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name is not ("[Content_Types].xml" or "Kinetra.Build.Tool.nuspec"))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Approved, content);
        using StreamReader nuspec = new(package.GetEntry("Kinetra.Build.Tool.nuspec")!.Open());
        string text = nuspec.ReadToEnd();
        Assert.Contains("<packageType name=\"DotnetTool\"", text);
        Assert.Contains("<license type=\"expression\">MIT</license>", text);
        Assert.DoesNotContain("<dependency ", text);
    }
}
