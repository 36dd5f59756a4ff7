using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Keys;

public sealed class LoggedVariablesTests
{
    [Theory]
    [InlineData("DOTNET_TOKEN")]
    [InlineData("MSBUILDTOKEN")]
    [InlineData("msbuild_token")]
    [InlineData("COMPlus_Token")]
    public void What_every_binlog_has_is_refused(string name)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => LoggedVariables.Refuse("KinetraSecretVariables", ["TOKEN", name]));
        Assert.Equal(DiagnosticCodes.LoggedVariable, error.Code);
        Assert.Contains(name, error.Message);
        Assert.Contains("KinetraSecretVariables", error.Message);
    }

    [Theory]
    [InlineData("TOKEN")]
    [InlineData("DOTNET")]
    [InlineData("MY_DOTNET_TOKEN")]
    public void Any_other_name_is_taken(string name) => LoggedVariables.Refuse("KinetraSecretVariables", [name]);
}
