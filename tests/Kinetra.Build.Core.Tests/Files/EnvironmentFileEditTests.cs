using CsCheck;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class EnvironmentFileEditTests
{
    private static readonly FilePath File = new("/project/.env", ".env");

    [Theory]
    [InlineData("", "A=v\n")]
    [InlineData("B=1", "B=1\nA=v\n")]
    [InlineData("B=1\r\n", "B=1\r\nA=v\r\n")]
    [InlineData("A=1\nA=2 # two\nB=3\n", "A=1\nA=v\nB=3\n")]
    [InlineData("# A=1\n  export A = 'x'\n", "# A=1\nexport A=v\n")]
    [InlineData("AA=1\n", "AA=1\nA=v\n")]
    public void The_line_that_counts_is_replaced_and_the_rest_stays(string before, string after) =>
        Assert.Equal(after, EnvironmentFileEdit.Set(before, "A", "v"));

    [Theory]
    [InlineData("plain-1.2/x", "A=plain-1.2/x\n")]
    [InlineData("a b", "A='a b'\n")]
    [InlineData("$HOME # \\", "A='$HOME # \\'\n")]
    [InlineData("it's", "A=\"it's\"\n")]
    [InlineData("", "A=\n")]
    public void A_value_is_quoted_only_where_it_must_be(string value, string line) => Assert.Equal(line, EnvironmentFileEdit.Set("", "A", value));

    [Fact]
    public void Every_value_is_read_back_as_it_was_and_no_other_variable_changes()
    {
        Gen<string> text = Gen.Char["ab =#'\"\\\n\t$`ü\u2028\u0001"].Array[0, 12].Select(chars => new string(chars));
        Gen.Select(text, text, text).Sample((first, second, third) =>
        {
            string file = EnvironmentFileEdit.Set("# mine\n", "A", first);
            file = EnvironmentFileEdit.Set(file, "B", second);
            file = EnvironmentFileEdit.Set(file, "A", third);
            IReadOnlyDictionary<string, string> read = EnvironmentFile.Parse(File, file);
            return read.Count == 2 && read["A"] == third && read["B"] == second && file.StartsWith("# mine\n", StringComparison.Ordinal);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("a\rb", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\nb", true)]
    public void What_no_line_can_hold_is_known(string value, bool can) => Assert.Equal(can, EnvironmentFileEdit.CanHold(value));

    [Theory]
    [InlineData("A_1", true)]
    [InlineData("1A", false)]
    [InlineData("A-B", false)]
    [InlineData("", false)]
    public void Names_are_those_of_variables(string name, bool isName) => Assert.Equal(isName, EnvironmentFileEdit.IsName(name));
}
