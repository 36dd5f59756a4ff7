using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>
/// Secrets, printed by steps in every way, are in nothing that a build leaves. Each place has a sentinel that is printed in
/// the same way, so that a search that looks at nothing fails.
/// </summary>
public sealed class SecretTests
{
    private const string Token = "hunter2-very-secret";
    private const string Quoted = "pa\"ss\\w%rd:'x' <&>";
    private const string Variable = "correct-horse-battery";
    private const string Key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAo\n-----END KEY-----";
    private const string Minted = "minted-40321-token";

    private static readonly string[] Secrets = [Token, Quoted, Variable, Key, Minted];

    // What the step does; NAME stands for each way to print. No value is in here.
    private const string Script = """
        say() { printf '%s %s %s\n' "$1" "$TOKEN" "$FROM_ENVIRONMENT"; }
        cut() { printf 'sentinel-cut %s' "${TOKEN%very-secret}"; sleep 0.2; printf 'very-%s' secr; sleep 0.2; echo et "$FROM_ENVIRONMENT"; }
        say sentinel-whole
        cut
        printf 'sentinel-lines %s\n' "$KEY"
        printf '%s' "$KEY" | while read -r line; do sleep 0.05; printf '%s\r\n' "$line"; done
        printf '\033[1msentinel-colour %.5s\033[0m%s\n' "$TOKEN" "${TOKEN#?????}"
        python3 -c 'import json, os, urllib.parse, base64, html; e = os.environ
        for n in ("QUOTED", "KEY", "TOKEN"): print("sentinel-json", json.dumps(e[n])); print(urllib.parse.quote(e[n]), html.escape(e[n])); print(base64.b64encode(("user:" + e[n]).encode()).decode())'
        ( set -x; : sentinel-trace "$QUOTED" )
        echo "::group::sentinel-group $TOKEN"
        echo "::notice::sentinel-notice $QUOTED" | sed 's/%/%25/g'
        echo '::endgroup::'
        echo "##vso[task.setprogress value=50;]sentinel-progress $TOKEN"
        echo "::error file=sentinel-file-$TOKEN,line=3,title=$TOKEN::sentinel-error $FROM_ENVIRONMENT"
        echo "sentinel.cs(1,2): error X1: sentinel-canonical $TOKEN"
        minted=$(printf 'minted-%s-token' $((40000 + 321)))
        echo "::add-mask::$minted"
        echo "sentinel-minted $minted" >&2
        say sentinel-tail
        printf 'sentinel-end %s' "$minted $FROM_ENVIRONMENT"
        exit 3
        """;

    [Fact]
    public void Secrets_are_in_nothing_that_a_build_leaves_however_they_are_printed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "The steps are scripts for sh and python3.");
        using WorkflowProject project = new("""
            <!-- sentinel-project -->
            <PropertyGroup>
              <KinetraSecretVariables>FROM_ENVIRONMENT;KEY</KinetraSecretVariables>
              <KinetraEnvironmentFile>.env</KinetraEnvironmentFile>
              <KinetraDebug>true</KinetraDebug>
            </PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="Loose" Command=": sentinel-command; . ./leak.sh" MaxAttempts="2" Critical="false" />
              <RunStepWithRetry StepName="Leaky" Arguments="/bin/sh;leak.sh" MaxAttempts="1" />
            </Target>
            """);
        project.Write("leak.sh", Script.Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
        project.Write(".env", $"TOKEN={Token}\nQUOTED=\"{Quoted.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-bl", "-v:diag"], new Dictionary<string, string?> { ["FROM_ENVIRONMENT"] = Variable, ["KEY"] = Key });

        Assert.Equal(1, result.ExitCode);
        Dictionary<string, byte[]> places = Places(project, result);
        AssertFound(places, "console", "whole", "cut", "lines", "colour", "json", "trace", "group", "notice", "progress", "error", "canonical", "minted", "tail", "end", "command");
        AssertFound(places, "binlog records", "whole", "cut", "lines", "colour", "json", "trace", "notice", "error", "canonical", "minted", "tail", "end", "command");
        AssertFound(places, "binlog bytes", "whole", "error", "tail");
        AssertFound(places, "binlog archive", "project");
        AssertFound(places, "\\.json$", "group", "tail", "end");
        AssertFound(places, "workflow_.*\\.html$", "file", "tail", "end");
        AssertFound(places, "workflow_.*\\.log$", "error", "file", "canonical", "tail", "end", "command");
        AssertFound(places, "Leaky.1.log$", "whole", "cut", "lines", "colour", "json", "trace", "group", "notice", "progress", "error", "file", "canonical", "minted", "tail", "end");
        Assert.True(places.Count >= 13, string.Join('\n', places.Keys));

        string[] leaks =
        [
            .. from place in places
               from secret in Secrets
               from form in Forms(secret)
               where place.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)) >= 0
               select $"{form} in {place.Key}",
        ];
        Assert.True(leaks.Length == 0, string.Join('\n', leaks));
        Assert.DoesNotContain("sentinel-cut hunter2", Encoding.UTF8.GetString(places.Single(place => place.Key.EndsWith("Leaky.1.log", StringComparison.Ordinal)).Value));
    }

    [Fact]
    public void The_search_finds_a_secret_that_the_project_has_made_a_property()
    {
        // Documented: what a project reads as a property, a binlog records. Our own error that quotes it is masked all the same.
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraSecretVariables>FROM_ENVIRONMENT</KinetraSecretVariables></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="S" Command="exit 1" Timeout="$(FROM_ENVIRONMENT)" /></Target>
            """);

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-bl", "-v:n"], new Dictionary<string, string?> { ["FROM_ENVIRONMENT"] = Variable });

        Assert.Equal(["KIN0001"], result.Errors);
        Assert.Contains("\"***\"", result.Output);
        string[] found = [.. Places(project, result).Where(place => place.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Variable)) >= 0).Select(place => place.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(["binlog bytes", "binlog records"], found);
    }

    [Fact]
    public void A_binlog_has_no_variable_of_its_own_accord_but_those_that_are_refused_as_secrets()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="S" Command="true" /></Target>""");
        Dictionary<string, string?> environment = new() { ["PLAIN_SECRET"] = "value-of-plain", ["DOTNET_SECRET"] = "value-of-dotnet", ["MSBUILDSECRET"] = "value-of-msbuild", ["COMPlus_Secret"] = "value-of-complus" };

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-bl"], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        string binlog = Encoding.UTF8.GetString(Places(project, result)["binlog bytes"]);
        Assert.Equal(["value-of-dotnet", "value-of-msbuild", "value-of-complus"], environment.Values.Where(value => binlog.Contains(value!, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("DOTNET_SECRET", "<KinetraSecretVariables>PLAIN;DOTNET_SECRET</KinetraSecretVariables>")]
    [InlineData("MSBUILDSECRET", "<OfTheStep>PLAIN;MSBUILDSECRET</OfTheStep>")]
    public void A_name_that_MSBuild_logs_is_refused_before_anything_runs(string name, string property)
    {
        using WorkflowProject project = new($"""<PropertyGroup>{property}</PropertyGroup><Target Name="Run"><RunStepWithRetry StepName="S" Command="touch ran" SecretVariables="$(OfTheStep)" /></Target>""");

        DotNetResult result = project.Build();

        Assert.Equal(["KIN0004"], result.Errors);
        Assert.Contains(name, result.Output);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    // Every file below the project but the secrets' own, what was printed, and what a binlog has in it.
    private static Dictionary<string, byte[]> Places(WorkflowProject project, DotNetResult result)
    {
        Dictionary<string, byte[]> places = project.Folder.Files().Where(file => file != ".env").ToDictionary(file => file, file => File.ReadAllBytes(project.Folder[file]));
        string binlog = project.Folder["msbuild.binlog"];
        places["console"] = Encoding.UTF8.GetBytes(result.Output);
        places["binlog records"] = Encoding.UTF8.GetBytes(Binlog.Text(binlog));
        byte[] bytes = Unpack(binlog);
        places["binlog bytes"] = bytes;
        places["binlog archive"] = Archive(bytes);
        return places;
    }

    private static byte[] Unpack(string binlog)
    {
        using GZipStream stream = new(File.OpenRead(binlog), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // The project files that took part, a zip within.
    private static byte[] Archive(byte[] binlog)
    {
        int start = binlog.AsSpan().IndexOf("PK\u0003\u0004"u8);
        using ZipArchive zip = new(new MemoryStream(binlog[start..]));
        using MemoryStream all = new();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream content = entry.Open();
            content.CopyTo(all);
        }

        return all.ToArray();
    }

    private static void AssertFound(Dictionary<string, byte[]> places, string place, params string[] ways)
    {
        string text = Encoding.UTF8.GetString(places.Single(found => Regex.IsMatch(found.Key, place)).Value);
        Assert.All(ways, way => Assert.Contains("sentinel-" + way, text));
    }

    private static IEnumerable<string> Forms(string secret) =>
        secret.Split('\n').Append(secret).Append(secret.Replace("\n", "\r\n", StringComparison.Ordinal))
            .Append(JsonSerializer.Serialize(secret)[1..^1])
            .Append(HtmlEncoder.Default.Encode(secret))
            .Append(secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append(Uri.EscapeDataString(secret))
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + secret))[8..^4])
            .Distinct();
}
