using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests;

public sealed partial class DiagnosticCodesTests
{
    private static readonly string[] Codes =
    [
        .. typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Fact]
    public void Each_has_the_form_of_a_code_and_is_used_once()
    {
        Assert.NotEmpty(Codes);
        Assert.All(Codes, code => Assert.Matches("^KIN[0-9]{4}$", code));
        Assert.Equal(Codes.Length, Codes.Distinct().Count());
    }

    [Fact]
    public void The_next_free_numbers_are_behind_the_last_ones()
    {
        string source = File.ReadAllText(Repository.PathTo("src", "Kinetra.Build.Core", "DiagnosticCodes.cs"));
        int[] next = [.. Form().Matches(NextFree().Match(source).Value).Select(match => Number(match.Value)).Order()];
        Assert.Equal(Codes.Select(code => Number(code) / 1000).Distinct().Order(), next.Select(number => number / 1000));
        Assert.All(Codes, code => Assert.True(Number(code) < next.Single(number => number / 1000 == Number(code) / 1000), code));
    }

    private static int Number(string code) => int.Parse(code.AsSpan(3), CultureInfo.InvariantCulture);

    [GeneratedRegex("Next free:.*")]
    private static partial Regex NextFree();

    [GeneratedRegex("KIN[0-9]{4}")]
    private static partial Regex Form();
}
