using System.Globalization;
using Kinetra.Build.Core.Tests.Sweeps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

/// <summary>Recording a step costs the same, however many there were before it. Bytes and calls are counted, not time.</summary>
[Collection(SweepCollection.Name)]
public sealed class RunCostTests
{
    private const int Steps = 10_000;

    // Journal and state of one step: some 2,050 bytes, written by 5 calls.
    private const int BytesPerStep = 3_000;
    private const int CallsPerStep = 7;

    // While the state is small it is replaced as a whole each time, which some 200 steps do.
    private const int SmallState = 20_000_000;

    [Fact]
    public void Ten_thousand_steps_write_ten_thousand_times_what_one_does()
    {
        Platform.RequireLinux();
        using Workspace workspace = Workspace.Empty();
        ProcessResult result = Victim.Run("cost", workspace.Root, $"{Steps}");
        Assert.True(result.ExitCode == 0, result.Output);
        long[][] costs = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
        Assert.Equal(11, costs.Length);
        Assert.InRange(costs[0][1], Steps / 10 * 1_000, SmallState);

        // The state is large from the second tenth on: each tenth costs what the one before it did.
        for (int i = 1; i < 10; i++)
        {
            Assert.InRange(costs[i][1] - costs[i - 1][1], 1, Steps / 10 * BytesPerStep);
            Assert.InRange(costs[i][2] - costs[i - 1][2], 0, Steps / 10 * 100);
            Assert.InRange(costs[i][3] - costs[i - 1][3], 1, Steps / 10 * CallsPerStep);
        }

        // At the end the state is written as a whole, once.
        Assert.InRange(costs[10][1] - costs[9][1], 1, Steps * 1_000);
    }
}
