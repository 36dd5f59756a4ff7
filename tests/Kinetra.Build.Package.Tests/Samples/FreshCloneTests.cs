using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Samples;

/// <summary>The README's first commands, on a machine that has nothing but the SDK.</summary>
public sealed class FreshCloneTests
{
    [Fact]
    public void The_first_command_that_anyone_types_works_in_a_fresh_clone()
    {
        using TempFolder clone = new();
        Copy(Repository.Root, clone["kinetra"]);
        Dictionary<string, string?> machine = new()
        {
            ["NUGET_PACKAGES"] = clone["packages"],
            ["DOTNET_CLI_HOME"] = clone["home"],
        };

        DotNetResult first = DotNet.Run(clone["kinetra"], ["build", "samples/master/master.proj"], machine);

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("Performance Insights:", first.Output);
        Assert.Empty(first.Warnings);

        DotNetResult second = DotNet.Run(clone["kinetra"], ["build", "samples/master/master.proj"], machine);

        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.DoesNotContain("from source", second.Output);

        DotNetResult parallel = DotNet.Run(clone["kinetra"], ["build", "samples/parallel/parallel.proj"], machine);

        Assert.True(parallel.ExitCode == 0, parallel.ToString());
        Assert.Empty(parallel.Warnings);
    }

    // What git would bring, without asking git: the tests also run on an unpacked archive.
    private static void Copy(string from, string to)
    {
        HashSet<string> left = new(StringComparer.Ordinal) { ".git", "bin", "obj", "tasks", "artifacts", "TestResults", "tests", ".workflow_state", "logs", "data", "published", ".workflow_cache", ".env" };
        Directory.CreateDirectory(to);
        foreach (FileSystemInfo entry in new DirectoryInfo(from).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Where(entry => !left.Contains(entry.Name)))
        {
            string target = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, target);
            }
            else
            {
                File.Copy(entry.FullName, target);
            }
        }
    }
}
