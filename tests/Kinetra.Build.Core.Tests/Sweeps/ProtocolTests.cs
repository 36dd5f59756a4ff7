using Kinetra.Build.Testing;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Whether each operation makes its calls in the order that survives a power cut.</summary>
[Collection(SweepCollection.Name)]
public sealed class ProtocolTests
{
    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void Everything_is_durable_before_something_relies_on_it(string verb)
    {
        Strace.Require();
        IReadOnlyList<string> violations = Check(Operation.Named(verb));
        Sweep.Report($"protocol {verb}", $"{violations.Count} violations", violations);
        Assert.Empty(violations);
    }

    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void A_link_planted_under_the_name_of_a_temporary_file_is_not_followed(string verb)
    {
        Strace.Require();
        Assert.Empty(PlantLinks(Operation.Named(verb)));
    }

    /// <summary>What is wrong with the calls of an operation, over two runs.</summary>
    internal static IReadOnlyList<string> Check(Operation operation)
    {
        Recording first = Recording.Of(operation);
        Recording second = Recording.Make(operation);
        List<string> violations = [.. Protocol.Violations(first)];
        violations.AddRange(first.Temporaries().Intersect(second.Temporaries()).Select(name => $"the name {name} can be guessed: two runs have it"));
        return violations;
    }

    /// <summary>Plants links to a file of somebody else under the names that a run before has used.</summary>
    /// <returns>What is wrong: the other file was changed.</returns>
    internal static IReadOnlyList<string> PlantLinks(Operation operation)
    {
        IReadOnlyList<string> names = Recording.Of(operation).Temporaries();
        Assert.NotEmpty(names);

        using TempFolder elsewhere = new();
        string bystander = elsewhere.Write("bystander", "mine");
        using Workspace workspace = Workspace.For(operation);
        foreach (string path in names.Select(name => Path.Combine(workspace.Root, name)).Where(path => Directory.Exists(Path.GetDirectoryName(path))))
        {
            File.CreateSymbolicLink(path, bystander);
        }

        _ = Victim.Run(operation.Verb, workspace.Root);
        return File.ReadAllText(bystander) == "mine" ? [] : ["a planted link is written through"];
    }
}
