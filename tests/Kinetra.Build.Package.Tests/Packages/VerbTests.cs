using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Packages;

/// <summary>A folder with nothing but a <c>master.proj</c> that names the package, as a user's first one.</summary>
public sealed class VerbTests(PackedSdk sdk)
{
    [Theory]
    [InlineData("build", true)]
    [InlineData("build -t:Rebuild", true)]
    [InlineData("msbuild", true)]
    [InlineData("build -mt", true)]
    [InlineData("build -m:2", true)]
    [InlineData("build -t:Clean", false)]
    [InlineData("clean", false)]
    [InlineData("restore", false)]
    [InlineData("pack", false)]
    [InlineData("test", false)]
    [InlineData("publish", false)]
    [InlineData("build -p:DesignTimeBuild=true", false)]
    public void Every_verb_works_without_a_warning(string verb, bool runs)
    {
        using TempFolder folder = new();
        IReadOnlyDictionary<string, string?> environment = sdk.Prepare(folder);
        folder.Write("master.proj", $"""
            <Project Sdk="Kinetra.Build/{sdk.Version}">
              <PropertyGroup><KinetraTargets>Run</KinetraTargets></PropertyGroup>
              <Target Name="Run"><RunStepWithRetry StepName="Run" Command="touch ran" /></Target>
            </Project>
            """);
        string[] words = verb.Split(' ');

        DotNetResult result = DotNet.Run(folder.Root, [words[0], "master.proj", .. words[1..]], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.DoesNotContain(": warning", result.Output);
        Assert.Equal(runs, File.Exists(folder["ran"]));
    }

    [Fact]
    public void A_step_may_have_the_name_of_a_verb_that_has_nothing_to_do_here()
    {
        using TempFolder folder = new();
        IReadOnlyDictionary<string, string?> environment = sdk.Prepare(folder);
        string[] names = ["Test", "Pack", "Publish"];
        folder.Write("master.proj", $"""
            <Project Sdk="Kinetra.Build/{sdk.Version}">
              <PropertyGroup><KinetraTargets>{string.Join(';', names)}</KinetraTargets></PropertyGroup>
              {string.Concat(names.Select(name => $"""<Target Name="{name}"><RunStepWithRetry StepName="{name}" Command="touch ran-{name}" /></Target>"""))}
            </Project>
            """);

        DotNetResult result = DotNet.Run(folder.Root, ["build", "master.proj"], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(names, name => Assert.True(File.Exists(folder[$"ran-{name}"]), name));
    }

    [Fact]
    public void Directory_Build_props_and_targets_are_honoured()
    {
        using TempFolder folder = new();
        IReadOnlyDictionary<string, string?> environment = sdk.Prepare(folder);
        folder.Write("Directory.Build.props", "<Project><PropertyGroup><KinetraWorkflow>from_above</KinetraWorkflow></PropertyGroup></Project>");
        folder.Write("Directory.Build.targets", """<Project><Target Name="Extra" AfterTargets="Build"><Touch Files="extra" AlwaysCreate="true" /></Target></Project>""");
        folder.Write("sub/master.proj", $"""
            <Project Sdk="Kinetra.Build/{sdk.Version}">
              <PropertyGroup><KinetraTargets>Run</KinetraTargets></PropertyGroup>
              <Target Name="Run"><RunStepWithRetry StepName="Run" Command="printf %25s $KINETRA_WORKFLOW > ran" /></Target>
            </Project>
            """);

        DotNetResult result = DotNet.Run(folder.Root, ["build", "sub/master.proj"], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("from_above", folder.Read("sub/ran"));
        Assert.True(File.Exists(folder["sub/extra"]));
    }

    [Theory]
    [InlineData("""<Sdk Name="Kinetra.Build" Version="VERSION" />""")]
    [InlineData("""<ItemGroup><PackageReference Include="Kinetra.Build" Version="VERSION" PrivateAssets="all" /></ItemGroup>""")]
    public void Added_to_a_csproj_it_leaves_the_build_alone_and_brings_the_tasks(string reference)
    {
        using TempFolder folder = new();
        IReadOnlyDictionary<string, string?> environment = sdk.Prepare(folder);
        folder.Write("app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              {reference.Replace("VERSION", sdk.Version, StringComparison.Ordinal)}
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost><KinetraTargets>Never</KinetraTargets></PropertyGroup>
              <Target Name="After" AfterTargets="Build"><RunStepWithRetry StepName="Run app" Command="dotnet $(TargetPath) > said" /></Target>
            </Project>
            """);
        folder.Write("Program.cs", "System.Console.WriteLine(\"hello\");");

        DotNetResult result = DotNet.Run(folder.Root, ["build", "app.csproj"], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.Equal("hello\n", folder.Read("said"));
        Assert.Contains(folder.Files(), file => file.StartsWith(".workflow_state/", StringComparison.Ordinal) && file.EndsWith(".json", StringComparison.Ordinal));
        Assert.Equal(0, DotNet.Run(folder.Root, ["clean", "app.csproj"], environment).ExitCode);
        Assert.False(File.Exists(folder["bin/Debug/net10.0/app.dll"]));
    }
}
