using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>
/// What the code that was compiled ahead of time lacks is compiled in every build. That is no error that anybody would see, only time, so it is
/// counted here: in the events of the runtime's compiler.
/// </summary>
public sealed class StartUpTests
{
    [Fact]
    public void A_build_compiles_no_method_of_ours()
    {
        Assert.SkipUnless(Directory.Exists(Repository.PathTo("tasks", "net10.0-linux-x64")), "there is code compiled ahead of time for Linux (glibc) on x64 only");
        using WorkflowProject project = new("""
            <ItemGroup>
              <KinetraStep Include="first" Command="true" />
              <KinetraStep Include="second" Command="true" DependsOn="first" />
            </ItemGroup>
            """, targets: "");

        // The second build has a run before it, and durations of steps.
        string[] first = CompiledIn(project, "first.nettrace");
        string[] second = CompiledIn(project, "second.nettrace");

        Assert.Equal([], first.Concat(second).Distinct());
    }

    // The types of ours in the names of compiled methods: their own, or what generic code of .NET was compiled for. An empty array costs one small method.
    private static string[] CompiledIn(WorkflowProject project, string trace)
    {
        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj"], new Dictionary<string, string?>
        {
            ["DOTNET_EnableEventPipe"] = "1",
            ["DOTNET_EventPipeConfig"] = "Microsoft-Windows-DotNETRuntime:0x10:5",
            ["DOTNET_EventPipeRundown"] = "0",
            ["DOTNET_EventPipeOutputPath"] = project.Folder[trace],
            ["DOTNET_EnableDiagnostics"] = null,
        });
        Assert.Equal(0, result.ExitCode);
        byte[] events = File.ReadAllBytes(project.Folder[trace]);
        Assert.True(events.AsSpan().IndexOf(Encoding.Unicode.GetBytes("Microsoft.Build.")) >= 0, "the trace has no methods");
        return [.. NamesIn(events, "Kinetra.Build.").Where(name => !name.StartsWith("System.Array+EmptyArray`1[", StringComparison.Ordinal)).Distinct()];
    }

    // The names stand there as they are, in UTF-16 with a zero at the end.
    private static IEnumerable<string> NamesIn(byte[] events, string part)
    {
        byte[] sought = Encoding.Unicode.GetBytes(part);
        int place = events.AsSpan().IndexOf(sought);
        while (place >= 0)
        {
            int start = place;
            while (start >= 2 && events[start - 1] == 0 && events[start - 2] != 0)
            {
                start -= 2;
            }

            int end = place;
            while (end + 1 < events.Length && (events[end] != 0 || events[end + 1] != 0))
            {
                end += 2;
            }

            yield return Encoding.Unicode.GetString(events, start, end - start);
            int next = events.AsSpan(end).IndexOf(sought);
            place = next < 0 ? -1 : end + next;
        }
    }
}
