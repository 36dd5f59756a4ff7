using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class StepSelectionTests
{
    //   fetch-a → convert-a ─┐
    //   fetch-b → convert-b ─┴→ report        alone        clean (Always)
    private static readonly StepGraph Steps = Graph.Of(
        new GraphStep("fetch-a") { Outputs = ["raw/a"] }, new GraphStep("fetch-b"), new GraphStep("convert-a") { Inputs = ["raw/a"] }, new GraphStep("convert-b") { DependsOn = ["fetch-b!"] },
        new GraphStep("report") { DependsOn = ["convert-a", "convert-b"] }, new GraphStep("alone"), new GraphStep("clean") { Always = true, DependsOn = ["report"] });

    [Theory]
    [InlineData("", "", "", "", "fetch-a fetch-b convert-a convert-b report alone clean")]
    [InlineData("alone", "", "", "", "alone")]
    [InlineData("alone;fetch-a;alone", "", "", "", "fetch-a alone")]
    [InlineData("fetch-*", "", "", "", "fetch-a fetch-b")]
    [InlineData("*-?", "", "", "", "fetch-a fetch-b convert-a convert-b")]
    [InlineData("*", "", "", "", "fetch-a fetch-b convert-a convert-b report alone clean")]
    [InlineData("clean", "", "", "", "clean")]
    [InlineData("", "alone;clean", "", "", "fetch-a fetch-b convert-a convert-b report")]
    [InlineData("", "", "convert-a", "", "convert-a report clean")]
    [InlineData("", "", "fetch-a", "", "fetch-a convert-a report clean")]
    [InlineData("", "clean", "fetch-a", "", "fetch-a convert-a report")]
    [InlineData("", "", "alone", "", "alone clean")]
    [InlineData("", "", "", "report", "fetch-a fetch-b convert-a convert-b report clean")]
    [InlineData("", "", "", "convert-b", "fetch-b convert-b clean")]
    [InlineData("", "clean", "", "clean", "fetch-a fetch-b convert-a convert-b report")]
    [InlineData("", "", "fetch-b", "report", "fetch-b convert-b report clean")]
    [InlineData("", "convert-b", "fetch-b", "report", "fetch-b report clean")]
    [InlineData("convert-*", "", "fetch-b", "", "convert-b")]
    public void The_lists_restrict_each_other(string only, string skip, string from, string until, string expected) =>
        Assert.Equal(expected, Selected(Steps, only, skip, from, until));

    [Theory]
    [InlineData("fecth-a", "", "", "", "KinetraOnly: \"fecth-a\" is no step. Did you mean \"fetch-a\"?")]
    [InlineData("", "Report", "", "", "KinetraSkip: \"Report\" is no step. Did you mean \"report\"?")]
    [InlineData("", "", "zzzzz", "", "KinetraFrom: \"zzzzz\" is no step. Case")]
    [InlineData("", "", "", "conv-*", "KinetraUntil: no step matches \"conv-*\".")]
    [InlineData("alone", "alone", "", "", "KinetraOnly=alone, KinetraSkip=alone")]
    [InlineData("", "", "report", "fetch-a", "KinetraFrom=report, KinetraUntil=fetch-a")]
    [InlineData("", "*", "", "", "KinetraSkip=*")]
    public void A_name_that_is_not_there_and_an_empty_selection_are_refused(string only, string skip, string from, string until, string expected)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Selected(Steps, only, skip, from, until));
        Assert.Equal(DiagnosticCodes.UnknownSelection, error.Code);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void All_names_that_are_not_there_are_told_together()
    {
        string message = Assert.Throws<KinetraException>(() => Selected(Steps, "x", "alone;y", "z", "w")).Message;
        Assert.All(["KinetraOnly: \"x\"", "KinetraSkip: \"y\"", "KinetraFrom: \"z\"", "KinetraUntil: \"w\""], text => Assert.Contains(text, message));
    }

    [Fact]
    public void A_name_with_a_wildcard_in_it_is_found_first() => Assert.Equal("a*", Selected(Graph.Of("a*", "ab"), "a*", "", "", ""));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("*", "", true)]
    [InlineData("?", "", false)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    [InlineData("a*b*c", "aXcXb", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("*abab", "abaabab", true)]
    [InlineData("a**", "a", true)]
    [InlineData("A*", "ab", false)]
    public void A_pattern_of_names_matches(string pattern, string name, bool expected) => Assert.Equal(expected, NamePattern.IsMatch(pattern, name));

    private static string Selected(StepGraph graph, string only, string skip, string from, string until)
    {
        IReadOnlyList<bool> selected = graph.Select(new Selection(List(only), List(skip), List(from), List(until)));
        return string.Join(' ', graph.Steps.Where((_, i) => selected[i]).Select(step => step.Name));
    }

    private static string[] List(string names) => names.Split(';', StringSplitOptions.RemoveEmptyEntries);
}
