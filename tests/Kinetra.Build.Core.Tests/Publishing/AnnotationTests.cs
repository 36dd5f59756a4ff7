using System.Text.RegularExpressions;
using Kinetra.Build.Core.Publishing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Publishing;

/// <summary>Each service's line, taken apart as that service does it, gives what went in.</summary>
public sealed partial class AnnotationTests
{
    private const string Text = "100%25 of \"it\": a, b; [c] ::x:: | 'd' %0A\r\nnext\nlast ##vso[y]";

    private static readonly Annotation Full = new(IsError: true, Text) { Code = "X,1:%", File = "src/a, b: c].cs", Place = (3, 4, 5, 6) };

    [Theory]
    [InlineData("", "", "", CiService.None)]
    [InlineData("true", "", "", CiService.GitHub)]
    [InlineData("", "True", "", CiService.AzurePipelines)]
    [InlineData("", "", "2026.1", CiService.TeamCity)]
    [InlineData("false", "0", "", CiService.None)]
    public void The_service_is_known_by_its_variable(string github, string azure, string teamCity, CiService expected) =>
        Assert.Equal(expected, CiEnvironment.Detect(name => name switch { "GITHUB_ACTIONS" => github, "TF_BUILD" => azure, "TEAMCITY_VERSION" => teamCity, _ => throw new InvalidOperationException(name) }));

    [Fact]
    public void No_service_gets_no_line() => Assert.Null(Full.LineFor(CiService.None));

    [Fact]
    public void GitHub_gets_what_went_in()
    {
        string line = Full.LineFor(CiService.GitHub)!;

        Assert.DoesNotContain('\n', line);
        Match match = GitHub().Match(line);
        Dictionary<string, string> properties = match.Groups["properties"].Value.Split(',').ToDictionary(pair => pair.Split('=')[0], pair => Unescape(pair.Split('=', 2)[1], ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")));
        Assert.Equal("error", match.Groups["command"].Value);
        Assert.Equal(("src/a, b: c].cs", "3", "4", "5", "6", "X,1:%"), (properties["file"], properties["line"], properties["col"], properties["endLine"], properties["endColumn"], properties["title"]));
        Assert.Equal(Text, Unescape(match.Groups["data"].Value, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")));
        Assert.Equal("::warning::a", new Annotation(IsError: false, "a").LineFor(CiService.GitHub));
    }

    [Fact]
    public void Azure_gets_what_went_in()
    {
        string line = Full.LineFor(CiService.AzurePipelines)!;

        Assert.DoesNotContain('\n', line);
        Match match = Azure().Match(line);
        (string, string)[] escapes = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        Dictionary<string, string> properties = match.Groups["properties"].Value.Split(';').ToDictionary(pair => pair.Split('=')[0], pair => Unescape(pair.Split('=', 2)[1], escapes));
        Assert.Equal(("error", "src/a, b: c].cs", "3", "4", "X,1:%"), (properties["type"], properties["sourcepath"], properties["linenumber"], properties["columnnumber"], properties["code"]));
        Assert.Equal(Text, Unescape(match.Groups["data"].Value, escapes));
        Assert.Equal("##vso[task.logissue type=warning]a", new Annotation(IsError: false, "a").LineFor(CiService.AzurePipelines));
        Assert.Equal("##vso[task.uploadsummary]/a%3Bb/%5D.md", AzureCommand.UploadSummary("/a;b/].md"));
    }

    [Fact]
    public void TeamCity_gets_what_went_in()
    {
        string line = Full.LineFor(CiService.TeamCity)!;

        Assert.DoesNotContain('\n', line);
        Match match = TeamCity().Match(line);
        Assert.Equal("src/a, b: c].cs(3): X,1:%: " + Text, TeamCityEscape().Replace(match.Groups["value"].Value, found => found.Value switch { "|n" => "\n", "|r" => "\r", _ => found.Value[1..] }));
        Assert.Equal("##teamcity[message text='|0x00FCa' status='WARNING']", new Annotation(IsError: false, "üa").LineFor(CiService.TeamCity));
        Assert.Equal(4_000, TeamCity().Match(new Annotation(IsError: true, new string('x', 9_000)).LineFor(CiService.TeamCity)!).Groups["value"].Length);
    }

    [Theory]
    [InlineData(CiService.GitHub)]
    [InlineData(CiService.AzurePipelines)]
    [InlineData(CiService.TeamCity)]
    public void Nothing_in_a_text_begins_a_command_of_its_own(CiService service)
    {
        string line = new Annotation(IsError: true, PublishedRuns.Nasty) { Code = PublishedRuns.Nasty, File = PublishedRuns.Nasty }.LineFor(service)!;

        Assert.Single(line.Split('\n', '\r'));
    }

    private static string Unescape(string text, params (string Escaped, string Plain)[] escapes) => escapes.Aggregate(text, (current, escape) => current.Replace(escape.Escaped, escape.Plain, StringComparison.Ordinal));

    [GeneratedRegex("^::(?<command>[a-z]+) (?<properties>.*?)::(?<data>.*)$")]
    private static partial Regex GitHub();

    [GeneratedRegex(@"^##vso\[task.logissue (?<properties>[^\]]*)\](?<data>.*)$")]
    private static partial Regex Azure();

    [GeneratedRegex(@"^##teamcity\[buildProblem description='(?<value>([^|'\[\]]|\|.)*)'\]$")]
    private static partial Regex TeamCity();

    [GeneratedRegex(@"\|.")]
    private static partial Regex TeamCityEscape();
}
