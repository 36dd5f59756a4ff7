using System.Reflection;
using System.Text.RegularExpressions;
using Kinetra.Build.Core;
using Kinetra.Build.Testing;
using Microsoft.Build.Framework;
using Xunit;

namespace Kinetra.Build.Tasks.Tests;

/// <summary>What is documented and what there is are the same.</summary>
public sealed class DocumentationTests
{
    private static readonly string Reference = File.ReadAllText(Repository.PathTo("docs", "reference.md"));

    // Used by the SDK's own targets only.
    private static readonly string[] Private = [nameof(BeginWorkflowRun), nameof(EndWorkflowRun)];

    private static IEnumerable<Type> Tasks => typeof(KinetraTask).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && typeof(ITask).IsAssignableFrom(type) && !Private.Contains(type.Name));

    public static TheoryData<string> TaskNames => [.. Tasks.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(TaskNames))]
    public void The_reference_lists_exactly_the_parameters_of_a_task(string task)
    {
        Type type = Tasks.Single(type => type.Name == task);
        string[] actual = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.Name).Order(StringComparer.Ordinal)];

        string section = Regex.Match(Reference, $@"(?ms)^#+ `?{task}`?\s*$(?<text>.*?)(?=^#+ |\z)").Groups["text"].Value;
        string[] documented = [.. Regex.Matches(section, @"(?m)^\| `(?<name>\w+)`").Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal)];

        Assert.Equal(actual, documented);
    }

    [Fact]
    public void The_reference_lists_exactly_the_public_names_of_the_SDK()
    {
        string shipped = string.Concat(Directory.EnumerateFiles(Repository.PathTo("build")).Select(File.ReadAllText));
        string[] actual = Names(Regex.Matches(shipped, @"(?<![\w.])Kinetra[A-Z]\w*"));
        string[] documented = Names(Regex.Matches(Reference, @"(?<=`[^`\n]*)(?<![\w.])Kinetra[A-Z]\w*"));

        Assert.Equal(actual, documented);
    }

    [Fact]
    public void Every_default_in_the_reference_is_the_real_one()
    {
        string props = File.ReadAllText(Repository.PathTo("build", "Kinetra.Build.props"));
        foreach (Match setting in Regex.Matches(props, @"<(?<name>Kinetra\w+) Condition=""[^""]*"">(?<default>[^<]*)</"))
        {
            string row = Regex.Match(Reference, $@"(?m)^\| `{setting.Groups["name"].Value}` \|.*$").Value;
            Assert.True(row.Length > 0, $"{setting.Groups["name"].Value} has no row of its own");
            string value = setting.Groups["default"].Value;
            Assert.True(value.Length == 0 || row.Contains($"`{value}`", StringComparison.Ordinal), row);
        }
    }

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        string[] codes = [.. typeof(DiagnosticCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];
        string[] pages = [.. Directory.EnumerateFiles(Repository.PathTo("docs", "diagnostics"), "KIN*.md").Select(page => Path.GetFileNameWithoutExtension(page)).Order(StringComparer.Ordinal)];

        Assert.Equal(codes.Distinct(), pages);
        Assert.All(pages, page =>
        {
            string text = File.ReadAllText(Repository.PathTo("docs", "diagnostics", page + ".md"));
            Assert.StartsWith($"# {page}: ", text);
            Assert.All(["## Description", "## Cause", "## Resolution"], part => Assert.Contains(part, text));
        });
        string index = File.ReadAllText(Repository.PathTo("docs", "diagnostics", "README.md"));
        Assert.All(codes, code => Assert.Contains(code, index));
    }

    [Fact]
    public void Every_test_that_proves_a_promise_exists()
    {
        string[] proofs = [.. Regex.Matches(File.ReadAllText(Repository.PathTo("docs", "promises.md")), @"`(\w+Tests)`").Select(match => match.Groups[1].Value).Distinct()];
        HashSet<string> classes = [.. Directory.EnumerateFiles(Repository.PathTo("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file))];

        Assert.NotEmpty(proofs);
        Assert.All(proofs, proof => Assert.Contains(proof, classes));
    }

    [Fact]
    public void Every_task_is_registered_and_runs_in_process_in_a_multithreaded_build()
    {
        string targets = File.ReadAllText(Repository.PathTo("build", "Kinetra.Build.targets"));

        Assert.All(Tasks.Concat(typeof(KinetraTask).Assembly.GetExportedTypes().Where(type => Private.Contains(type.Name))), type =>
        {
            Assert.Contains($"TaskName=\"{type.FullName}\"", targets);
            Assert.Contains(type.GetCustomAttributesData(), attribute => attribute.AttributeType.FullName == "Microsoft.Build.Framework.MSBuildMultiThreadableTaskAttribute");
        });
    }

    private static string[] Names(MatchCollection matches) => [.. matches.Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];
}
