using System.Reflection;
using Kinetra.Build.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Kinetra.Build.Package.Tests.Packages.PackedSdk))]

namespace Kinetra.Build.Package.Tests.Packages;

/// <summary>The package, packed once from what the test run has built, under a version of its own: NuGet keeps the first package of a version.</summary>
public sealed class PackedSdk : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<string> _feed;

    public PackedSdk() => _feed = new Lazy<string>(Pack);

    /// <summary>The package's version.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>The package file.</summary>
    public string File => Path.Combine(_feed.Value, $"Kinetra.Build.{Version}.nupkg");

    /// <summary>What a user's folder needs to get the package: a nuget.config, and a package folder of its own.</summary>
    public IReadOnlyDictionary<string, string?> Prepare(TempFolder folder)
    {
        folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{_feed.Value}" /></packageSources>
            </configuration>
            """);
        return new Dictionary<string, string?> { ["NUGET_PACKAGES"] = _folder["packages"] };
    }

    public void Dispose() => _folder.Dispose();

    private string Pack()
    {
        string configuration = typeof(PackedSdk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Configuration").Value!;
        DotNetResult result = DotNet.Run(Repository.Root, ["pack", "src/Kinetra.Build.Tasks", "--no-build", "-c", configuration, "-p:PackageVersion=" + Version, "-o", _folder["feed"]]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return _folder["feed"];
    }
}
