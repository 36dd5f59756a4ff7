using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Credentials;

public sealed class CredentialsFileTests
{
    private const string Project = "/project";

    [Theory]
    [InlineData(".env")]
    [InlineData("config/.env")]
    [InlineData(".ENV")]
    [InlineData(".env.local")]
    [InlineData(".env.production")]
    [InlineData(".env.example.local")]
    public void Names_of_environment_files_are(string path) => Assert.True(IsOne(path));

    [Theory]
    [InlineData(".env.example")]
    [InlineData(".env.sample")]
    [InlineData(".env.template")]
    [InlineData("config/.env.dist")]
    [InlineData(".Env.Example")]
    [InlineData("env")]
    [InlineData(".environment")]
    [InlineData("prod.env")]
    [InlineData(".env/readme.md")]
    public void Examples_and_other_names_are_not(string path) => Assert.False(IsOne(path));

    [Fact]
    public void The_environment_file_of_the_project_is()
    {
        FilePath environment = FilePath.Resolve(Project, "secrets/prod.vars");
        Assert.True(CredentialsFile.IsOne(FilePath.Resolve(Project, "./secrets/../secrets/prod.vars"), environment, null));
        Assert.False(CredentialsFile.IsOne(FilePath.Resolve(Project, "prod.vars"), environment, null));
    }

    [Theory]
    [InlineData("0600", true)]
    [InlineData("0400", true)]
    [InlineData("0700", true)]
    [InlineData("0640", false)]
    [InlineData("0604", false)]
    [InlineData("0610", false)]
    [InlineData("0644", false)]
    public void A_mode_that_gives_group_and_others_nothing_makes_it_one(string mode, bool expected) =>
        Assert.Equal(expected, CredentialsFile.IsOne(FilePath.Resolve(Project, "key.pem"), null, UnixMode.Parse("mode", mode)));

    private static bool IsOne(string path) => CredentialsFile.IsOne(FilePath.Resolve(Project, path), null, null);
}
