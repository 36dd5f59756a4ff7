using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Publishing;

public sealed class JUnitReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string schema in new[] { "junit-10.xsd", "JUnit.xsd" })
            {
                foreach (string run in new[] { "everything", "empty", "outside", "many" })
                {
                    cases.Add(schema, run);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_run_is_valid_by_both_schemas(string schema, string run) => Assert.Empty(Problems(JUnitReport.Format(Make(run)), schema));

    [Theory]
    [InlineData("junit-10.xsd", "tests=\"8\"", "tests2=\"8\"")]
    [InlineData("JUnit.xsd", "classname=\"master\"", "")]
    public void The_schemas_see_mistakes(string schema, string from, string to)
    {
        string report = System.Text.Encoding.UTF8.GetString(JUnitReport.Format(PublishedRuns.OfEverything()));
        Assert.Contains(from, report);
        Assert.NotEmpty(Problems(System.Text.Encoding.UTF8.GetBytes(report.Replace(from, to, StringComparison.Ordinal)), schema));
    }

    [Fact]
    public void Each_step_is_a_case_with_its_end()
    {
        XElement suite = Suite(PublishedRuns.OfEverything());

        Assert.Equal(["good", "good #2", "bad", "optional", "stopped", "left out", "known"], suite.Elements("testcase").Take(7).Select(test => test.Attribute("name")!.Value));
        Assert.Equal(["", "", "failure", "failure", "error", "skipped", "", "failure"], suite.Elements("testcase").Select(test => string.Join(' ', test.Elements().Select(element => element.Name.LocalName))));
        Assert.Equal(["8", "3", "1", "1"], new[] { "tests", "failures", "errors", "skipped" }.Select(name => suite.Attribute(name)!.Value));
        Assert.Equal("12.346", suite.Attribute("time")!.Value);
        Assert.Equal("2026-11-23T04:55:01", suite.Attribute("timestamp")!.Value);
        XElement failure = Case(suite, "bad").Element("failure")!;
        Assert.Equal("Step \"bad\" failed after 1 of 1 attempts: exit code 3.", failure.Attribute("message")!.Value);
        Assert.Contains("no such table", failure.Value);
        Assert.Equal(1.063m, decimal.Parse(Case(suite, "good").Attribute("time")!.Value, CultureInfo.InvariantCulture));
        Assert.Equal("why left out", Case(suite, "left out").Element("skipped")!.Attribute("message")!.Value);
        Assert.Contains("known: cached, not run: why known", suite.Element("system-out")!.Value);
        Assert.Equal("20261122_045501", suite.Element("properties")!.Elements().Single(property => property.Attribute("name")!.Value == "continues").Attribute("value")!.Value);
    }

    [Fact]
    public void What_XML_cannot_hold_is_replaced_and_all_else_stays()
    {
        string text = Suite(PublishedRuns.OfEverything()).Elements("testcase").Last().Element("failure")!.Value;

        Assert.Equal("\0\u0001\u001b\ud800\uffff".Aggregate(PublishedRuns.Nasty, (nasty, invalid) => nasty.Replace(invalid, '\ufffd')), text);
    }

    [Fact]
    public void A_failure_outside_of_the_steps_is_a_case_too()
    {
        XElement suite = Suite(Make("outside"));

        Assert.Equal(["good", "(workflow master)"], suite.Elements("testcase").Select(test => test.Attribute("name")!.Value));
        Assert.Equal(["2", "0", "1"], new[] { "tests", "failures", "errors" }.Select(name => suite.Attribute(name)!.Value));
        Assert.Equal("MSB1: no luck", Case(suite, "(workflow master)").Element("error")!.Attribute("message")!.Value);
    }

    [Fact]
    public void It_replaces_the_report_of_the_run_before_and_makes_directories()
    {
        FilePath file = FilePath.Resolve(_folder.Root, "out/deep/junit.xml");
        JUnitReport.Write(file, Make("empty"));
        JUnitReport.Write(file, PublishedRuns.OfEverything());

        Assert.Equal(["out/deep/junit.xml"], _folder.Files());
        Assert.Equal(8, XDocument.Load(file.Full).Descendants("testcase").Count());
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(_folder["taken"]);

        KinetraException error = Assert.Throws<KinetraException>(() => JUnitReport.Write(FilePath.Resolve(_folder.Root, "taken"), Make("empty")));

        Assert.Equal(DiagnosticCodes.JUnitUnwritable, error.Code);
        Assert.Contains("taken", error.Message);
    }

    private static PublishedRun Make(string run) => run switch
    {
        "everything" => PublishedRuns.OfEverything(),
        "empty" => PublishedRuns.Run(RunStatus.Completed),
        "outside" => PublishedRuns.Run(RunStatus.Failed, PublishedRuns.Step("good")) with { Error = "MSB1: no luck" },
        _ => PublishedRuns.Run(RunStatus.Completed, [.. Enumerable.Range(0, 1_000).Select(i => PublishedRuns.Step($"step {i}"))]) with { Duration = TimeSpan.FromSeconds(123456.7) },
    };

    private static XElement Suite(PublishedRun run) => XDocument.Load(new MemoryStream(JUnitReport.Format(run)), LoadOptions.PreserveWhitespace).Root!.Element("testsuite")!;

    private static XElement Case(XElement suite, string name) => suite.Elements("testcase").Single(test => test.Attribute("name")!.Value == name);

    private static List<string> Problems(byte[] report, string schema)
    {
        List<string> problems = [];
        XmlReaderSettings settings = new() { ValidationType = ValidationType.Schema, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
        settings.Schemas.Add(null, Repository.PathTo("tests", "Kinetra.Build.Core.Tests", "Publishing", "Schemas", schema));
        settings.ValidationEventHandler += (_, problem) => problems.Add(problem.Message);
        using XmlReader reader = XmlReader.Create(new MemoryStream(report), settings);
        while (reader.Read())
        {
        }

        return problems;
    }
}
