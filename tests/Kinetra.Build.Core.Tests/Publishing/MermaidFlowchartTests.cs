using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Publishing;

/// <summary>What Mermaid itself makes of it, <c>Tool</c> <c>GraphTests</c> look at.</summary>
public sealed class MermaidFlowchartTests
{
    [Fact]
    public void Steps_and_edges_look_as_they_are()
    {
        MermaidFlowchart chart = new();
        chart.AddStep(["load"], StepStatus.Completed, isCritical: true);
        chart.AddStep(["check", "✗ 2 s"], StepStatus.Failed, isCritical: false);
        chart.AddStep(["clean up"], null, isCritical: true, isAlways: true);
        chart.AddEdge(0, 1, mustSucceed: true, "prices.csv");
        chart.AddEdge(1, 2);
        Assert.Equal(
            """
            flowchart LR
              s0["load"]:::completed
              s1("check<br/>✗ 2 s"):::failed
              s2(["clean up"])
              s0 ==>|"prices.csv"| s1
              s1 --> s2
              classDef completed fill:#dcfce7,stroke:#16a34a,color:#14532d
              classDef failed fill:#fee2e2,stroke:#dc2626,color:#7f1d1d

            """,
            chart.ToString());
    }

    [Theory]
    [InlineData("src/a-b, v1.2 ünïcode 股票 ✓", "src/a-b, v1.2 ünïcode 股票 ✓")]
    [InlineData("a\"b]:::x", "a#34;b#93;#58;#58;#58;x")]
    [InlineData("<b>&amp;#35;`_*", "#60;b#62;#38;amp#59;#35;35#59;#96;#95;#42;")]
    [InlineData("a\r\n\tb\u2028c\u0085d\u007fe", "a   b c d e")]
    public void A_label_is_text_whatever_it_says(string text, string written)
    {
        MermaidFlowchart chart = new();
        chart.AddStep([text], null, isCritical: true);
        chart.AddEdge(0, 0, label: text);
        Assert.Equal($"flowchart LR\n  s0[\"{written}\"]\n  s0 -->|\"{written}\"| s0\n", chart.ToString());
    }

    [Fact]
    public void What_is_no_character_is_replaced() => A_label_is_text_whatever_it_says("x\ud800y😀", "x\ufffdy😀");

    [Fact]
    public void Every_status_has_a_style() => Assert.All(Enum.GetValues<StepStatus>(), status =>
    {
        MermaidFlowchart chart = new();
        chart.AddStep(["x"], status, isCritical: true);
        Assert.Contains($"  classDef {status.Word()} fill:#", chart.ToString());
    });
}
