using Kinetra.Build.Testing;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a workflow of one step costs beside the least that <c>dotnet build</c> can do, and beside its peers.</summary>
internal static class StartUp
{
    /// <summary>Measures and prints the table.</summary>
    public static void Run(int rounds)
    {
        using TempFolder folder = new();
        folder.Write("empty.proj", """<Project><Target Name="Build" /></Project>""");
        folder.Write("exec.proj", """<Project><Target Name="Build"><Exec Command="true" /></Target></Project>""");
        folder.Write("path/one.proj", WorkflowProject.Xml("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /></Target>"""));
        IReadOnlyDictionary<string, string?> environment = Pack(folder);
        folder.Write("csproj/lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        Build(folder["csproj"], "lib.csproj", null);

        const string Empty = "`dotnet build` of an empty project";
        const string ByPath = "one step, the SDK by path";
        const string NothingToDo = "Microsoft.NET.Sdk, nothing to do, `--no-restore`";
        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 1,
        [
            Case.Timed(Empty, () => Build(folder.Root, "empty.proj", null)),
            Case.Timed("one `<Exec>`, no SDK", () => Build(folder.Root, "exec.proj", null)),
            Case.Timed(ByPath, () => Build(folder["path"], "one.proj", null)),
            Case.Timed("one step, the SDK by NuGet", () => Build(folder["nuget"], "one.proj", environment)),
            Case.Timed(NothingToDo, () => Build(folder["csproj"], "lib.csproj", null, "--no-restore")),
        ]);
        Table.Print($"start-up, {rounds} rounds", Unit.Milliseconds, measurements, Comparison.AtMost(ByPath, 1.25, Empty), Comparison.AtMost(ByPath, 0.5, NothingToDo));
    }

    private static IReadOnlyDictionary<string, string?> Pack(TempFolder folder)
    {
        string version = $"0.1.0-benchmark.{Guid.NewGuid():N}";
        Expect(DotNet.Run(Repository.Root, ["pack", "src/Kinetra.Build.Tasks", "-p:PackageVersion=" + version, "-o", folder["feed"]]));
        folder.Write("nuget/nuget.config", $"""<configuration><packageSources><clear /><add key="feed" value="{folder["feed"]}" /></packageSources></configuration>""");
        folder.Write("nuget/one.proj", $"""
            <Project Sdk="Kinetra.Build/{version}">
              <PropertyGroup><KinetraTargets>Run</KinetraTargets></PropertyGroup>
              <Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /></Target>
            </Project>
            """);
        return new Dictionary<string, string?> { ["NUGET_PACKAGES"] = folder["packages"] };
    }

    private static void Build(string directory, string project, IReadOnlyDictionary<string, string?>? environment, params string[] arguments) =>
        Expect(DotNet.Run(directory, ["build", project, .. arguments], environment));

    private static void Expect(DotNetResult result)
    {
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
