using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class LayeredVariablesTests
{
    [Fact]
    public void The_upper_layer_wins_and_the_lower_one_stays_as_it_is()
    {
        Dictionary<string, string> shared = new() { ["A"] = "shared", ["B"] = "shared" };
        LayeredVariables variables = new(shared, 2) { ["B"] = "own", ["C"] = "own" };
        Assert.Equal(("shared", "own", "own", 3), (variables["A"], variables["B"], variables["C"], variables.Count));
        Assert.Equal(["A=shared", "B=own", "C=own"], Texts(variables));
        Assert.Equal("shared", shared["B"]);
        Assert.False(variables.TryGetValue("D", out _));
        Assert.Throws<KeyNotFoundException>(() => variables["D"]);
    }

    [Fact]
    public void A_layer_over_layers_leaves_these_as_they_are()
    {
        LayeredVariables below = new(new Dictionary<string, string> { ["A"] = "shared" }, 1) { ["B"] = "below" };
        LayeredVariables above = new(below, 2) { ["A"] = "above", ["B"] = "above" };
        Assert.Equal(["A=shared", "B=below"], Texts(below));
        Assert.Equal(["A=above", "B=above"], Texts(above));
        Assert.Same(below.Shared, above.Shared);
    }

    [Fact]
    public void A_program_gets_each_variable_once_with_the_value_of_the_uppermost_layer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no env");
        Dictionary<string, string> shared = new() { ["PATH"] = "/usr/bin:/bin", ["KEPT"] = "ä", ["OTHER"] = "shared" };
        foreach (string value in new[] { "first", "second" })
        {
            LayeredVariables variables = new(shared, 3) { ["OTHER"] = value, ["OWN"] = "=", ["KINETRA_ATTEMPT_ID"] = "0123456789abcdef" };
            List<string> lines = [];
            ProcessSpec spec = new(["env"], Path.GetTempPath(), variables, "KINETRA_ATTEMPT_ID=0123456789abcdef");
            new ProcessRunner(TimeProvider.System).Run(spec, new StepOutput(Stream.Null, [], lines.Add), new ProcessLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)), CancellationToken.None);
            Assert.Equal(Texts(variables), lines.Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Texts(LayeredVariables variables) => variables.Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal);
}
