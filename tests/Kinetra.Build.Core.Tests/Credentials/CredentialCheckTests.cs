using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Credentials;

public sealed class CredentialCheckTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void What_is_set_is_fine() => Assert.Empty(Run("TOKEN=s3cret"));

    [Theory]
    [InlineData("")]
    [InlineData("TOKEN=")]
    [InlineData("TOKEN='  '")]
    [InlineData("token=s3cret")]
    [InlineData("# TOKEN=s3cret")]
    public void What_is_missing_or_empty_is_an_error_that_names_it(string text)
    {
        KinetraException error = Assert.Single(Run(text));
        Assert.Equal(DiagnosticCodes.CredentialMissing, error.Code);
        Assert.Contains("TOKEN", error.Message);
    }

    [Theory]
    [InlineData("your_token")]
    [InlineData("YOUR-TOKEN-HERE")]
    [InlineData("<token>")]
    [InlineData(" changeme ")]
    [InlineData("ChangeMe")]
    [InlineData("change_me")]
    [InlineData("placeholder")]
    [InlineData("TODO")]
    [InlineData("xxxxxxxx")]
    [InlineData("...")]
    public void A_placeholder_is_an_error(string value) =>
        Assert.Equal(DiagnosticCodes.CredentialPlaceholder, Assert.Single(Run($"TOKEN='{value}'")).Code);

    [Theory]
    [InlineData("not_your_token")]
    [InlineData("todo-list-key")]
    [InlineData("abc")]
    [InlineData("....")]
    [InlineData("axxx")]
    [InlineData("<half")]
    public void What_only_resembles_a_placeholder_is_fine(string value) => Assert.Empty(Run($"TOKEN='{value}'"));

    [Fact]
    public void Placeholders_can_be_chosen()
    {
        Assert.Single(Run("TOKEN=demo.1", placeholders: ["DEMO.*"]));
        Assert.Empty(Run("TOKEN=demoX1", placeholders: ["DEMO.*"]));
        Assert.Empty(Run("TOKEN=changeme", placeholders: ["demo"]));
    }

    [Fact]
    public void Each_variable_has_an_error_of_its_own()
    {
        IReadOnlyList<KinetraException> errors = Run("A=1\nB=changeme\n", required: ["A", "B", "C"]);
        Assert.Equal([DiagnosticCodes.CredentialPlaceholder, DiagnosticCodes.CredentialMissing], errors.Select(error => error.Code));
        Assert.Contains("B", errors[0].Message);
        Assert.Contains("C", errors[1].Message);
    }

    [Fact]
    public void The_environment_has_what_the_file_does_not_have()
    {
        Dictionary<string, string> environment = new() { ["TOKEN"] = "s3cret" };
        Assert.Empty(Run("A=1", environment));
        Assert.Empty(new CredentialCheck(_project.Path("missing.env"), isRecorded: false, environment, []).Run(["TOKEN"]));
        Assert.Empty(new CredentialCheck(null, isRecorded: false, environment, []).Run(["TOKEN"]));
    }

    [Fact]
    public void The_file_wins_over_the_environment()
    {
        Dictionary<string, string> environment = new() { ["TOKEN"] = "s3cret" };
        Assert.Equal(DiagnosticCodes.CredentialPlaceholder, Assert.Single(Run("TOKEN=changeme", environment)).Code);
    }

    [Fact]
    public void Without_file_and_environment_it_is_missing()
    {
        KinetraException error = Assert.Single(new CredentialCheck(_project.Path("missing.env"), isRecorded: false, new Dictionary<string, string>(), []).Run(["TOKEN"]));
        Assert.Equal(DiagnosticCodes.CredentialMissing, error.Code);
        Assert.Contains("missing.env", error.Message);
    }

    [Fact]
    public void Values_are_never_shown()
    {
        KinetraException error = Assert.Single(Run("TOKEN=s3cret", placeholders: ["s3*"]));
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Fact]
    public void Where_the_file_is_recorded_the_error_says_how_to_accept_the_change()
    {
        Assert.Contains("dotnet build master.proj -t:KinetraAcceptFile -p:KinetraFile=.env", Assert.Single(Run("", isRecorded: true)).Message);
        Assert.DoesNotContain("KinetraAcceptFile", Assert.Single(Run("")).Message);
    }

    [Fact]
    public void A_placeholder_is_said_to_be_where_it_is()
    {
        Dictionary<string, string> environment = new() { ["TOKEN"] = "changeme" };
        Assert.Contains("in .env.", Assert.Single(Run("TOKEN=changeme")).Message);
        Assert.Contains("in the environment.", Assert.Single(Run("", environment)).Message);
    }

    [Fact]
    public void A_malformed_file_is_an_error_with_its_line()
    {
        KinetraException error = _project.Fails(DiagnosticCodes.MalformedEnvironmentFile, () => Run("A=1\nnonsense"));
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void A_directory_in_the_files_place_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder[".env"]);
        CredentialCheck check = new(_project.Path(".env"), isRecorded: false, new Dictionary<string, string> { ["TOKEN"] = "s3cret" }, []);
        _project.Fails(DiagnosticCodes.UnusablePath, () => check.Run(["TOKEN"]));
    }

    private IReadOnlyList<KinetraException> Run(string text, IReadOnlyDictionary<string, string>? environment = null, IEnumerable<string>? placeholders = null, IEnumerable<string>? required = null, bool isRecorded = false)
    {
        FilePath file = _project.Write(".env", text);
        return new CredentialCheck(file, isRecorded, environment ?? new Dictionary<string, string>(), placeholders ?? CredentialCheck.DefaultPlaceholders, "master.proj").Run(required ?? ["TOKEN"]);
    }
}
