using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Encrypted backups and signed records as a user gets them, with keys from the environment of the build.</summary>
public sealed class KeyTests
{
    private const string BackupKey = "<PropertyGroup><KinetraBackupKeyVariable>BACKUP_KEY</KinetraBackupKeyVariable></PropertyGroup>";
    private const string ChecksumKey = "<PropertyGroup><KinetraChecksumKeyVariable>CHECKSUM_KEY</KinetraChecksumKeyVariable></PropertyGroup>";
    private const string Secret = "hunter2-very-secret";
    private const string Write = """<AtomicWriteFile File="config/app.txt" Source="next.txt" />""";

    private readonly Dictionary<string, string?> _keys = new()
    {
        ["BACKUP_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["CHECKSUM_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
    };

    [Fact]
    public void Backups_are_encrypted_drilled_and_restored_and_a_bad_one_is_listed()
    {
        using WorkflowProject project = new(BackupKey + Target(Write) + """<Target Name="BringBack"><RestoreBackup File="config/app.txt" /></Target>""");
        foreach (string content in new[] { Secret + 1, Secret + 2, Secret + 3 })
        {
            project.Write("next.txt", content);
            Succeeds(Build(project));
        }

        string[] backups = Backups(project);
        Assert.Equal(2, backups.Length);
        Assert.All(backups, backup => Assert.Equal("\u008bKINBAK", Raw(project, backup)[..7]));
        Assert.All(project.Folder.Files().Where(file => file.StartsWith("data/", StringComparison.Ordinal)), file => Assert.DoesNotContain(Secret, Raw(project, file)));
        DotNetResult drill = Build(project, "-t:KinetraVerifyBackups");
        Succeeds(drill);
        Assert.Contains("Backups in data/backups/workflow: 2 good, 0 bad.", drill.Output);

        byte[] damaged = File.ReadAllBytes(project.Folder[backups[0]]);
        damaged[^1] ^= 1;
        File.WriteAllBytes(project.Folder[backups[0]], damaged);
        drill = Build(project, "-t:KinetraVerifyBackups");
        Assert.Equal(1, drill.ExitCode);
        Assert.Equal(["KIN3004"], drill.Errors);
        Assert.Contains("Backups in data/backups/workflow: 1 good, 1 bad.", drill.Output);
        Assert.Contains(backups[0], drill.Output);
        Assert.DoesNotContain(backups[1], drill.Output);

        Succeeds(Build(project, "-t:BringBack"));
        Assert.Equal(Secret + 2, project.Folder.Read("config/app.txt"));
        Assert.Equal(3, Backups(project).Length);

        _keys["BACKUP_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Assert.Equal(["KIN3007"], Build(project, "-t:KinetraVerifyBackups").Errors.Concat(Build(project, "-t:BringBack").Errors).Distinct().Order());
        Assert.Equal(["KIN3008"], Build(project, "-t:BringBack", "-p:KinetraBackupKeyVariable=").Errors);
        Assert.Equal(Secret + 2, project.Folder.Read("config/app.txt"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("c2hvcnQgc2VjcmV0IGtleQ==")]
    [InlineData("passphrase:too short")]
    public void A_key_that_is_unset_or_too_short_is_an_error_before_any_target_runs(string? value)
    {
        using WorkflowProject project = new(BackupKey + Target("""<WriteLinesToFile File="ran" Lines="x" />"""));
        _keys["BACKUP_KEY"] = value;
        foreach (string[] arguments in new[] { new string[] { }, ["-t:KinetraVerifyBackups"], ["-t:Build;KinetraVerifyBackups"] })
        {
            DotNetResult result = Build(project, arguments);
            Assert.Equal(1, result.ExitCode);
            Assert.Equal(["KIN0003"], result.Errors);
            Assert.Contains("KinetraBackupKeyVariable: the environment variable BACKUP_KEY", result.Output);
            Assert.False(File.Exists(project.Folder["ran"]));
            if (value?.Length > 0)
            {
                Assert.DoesNotContain(value, result.Output);
            }
        }
    }

    [Fact]
    public void A_passphrase_cannot_sign_records()
    {
        using WorkflowProject project = new(ChecksumKey + Target("""<WriteLinesToFile File="ran" Lines="x" />"""));
        _keys["CHECKSUM_KEY"] = "passphrase:correct horse battery";
        DotNetResult result = Build(project);
        Assert.Equal(["KIN0003"], result.Errors);
        Assert.DoesNotContain("correct horse", result.Output);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    [Fact]
    public void Records_are_signed_and_a_forged_one_is_found_whatever_is_to_be_done_about_it()
    {
        using WorkflowProject project = new(ChecksumKey + Target(Write) + """
            <Target Name="Verify"><VerifyChecksum Files="config/app.txt" OnMismatch="$(OnMismatch)" /></Target>
            """);
        project.Write("next.txt", "good");
        Succeeds(Build(project));
        const string Record = ".workflow_state/config/app.txt.checksum";
        string[] lines = File.ReadAllLines(project.Folder[Record]);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^hmac-sha256 4 [0-9a-f]{64}$", lines[1]);
        Succeeds(Build(project, "-t:Verify", "-p:OnMismatch=Fail"));

        project.Write("config/app.txt", "evil");
        string forged = Convert.ToHexStringLower(SHA256.HashData("evil"u8));
        foreach (string record in new[] { forged + "\n", $"{forged}\n{lines[1]}\n" })
        {
            project.Write(Record, record);
            foreach (string mismatch in new[] { "Fail", "Warn", "Restore" })
            {
                DotNetResult result = Build(project, "-t:Verify", "-p:OnMismatch=" + mismatch);
                Assert.Equal(1, result.ExitCode);
                Assert.Equal(["KIN2014"], result.Errors);
                Assert.Equal("evil", project.Folder.Read("config/app.txt"));
            }
        }

        Succeeds(Build(project, "-t:KinetraAcceptFile", "-p:KinetraFile=config/app.txt"));
        Assert.Matches("^hmac-sha256 4 [0-9a-f]{64}$", File.ReadAllLines(project.Folder[Record])[1]);
        Succeeds(Build(project, "-t:Verify", "-p:OnMismatch=Fail"));
    }

    [Fact]
    public void With_a_key_a_file_without_a_record_is_an_error_unless_it_is_to_be_recorded()
    {
        using WorkflowProject project = new(ChecksumKey + Target("""<VerifyChecksum Files="a.txt" OnMissingBaseline="$(Missing)" />"""));
        project.Write("a.txt", "1");
        Assert.Equal(["KIN2003"], Build(project).Errors);
        Assert.False(File.Exists(project.Folder[".workflow_state/a.txt.checksum"]));
        Succeeds(Build(project, "-p:Missing=Record"));
        Succeeds(Build(project));
        Assert.Contains("hmac-sha256 1 ", project.Folder.Read(".workflow_state/a.txt.checksum"));
    }

    [Fact]
    public void The_keys_are_found_nowhere_though_a_step_prints_them()
    {
        using WorkflowProject project = new(BackupKey + ChecksumKey + Target(Write + """
            <RunStepWithRetry StepName="Leaky" Command="echo got $BACKUP_KEY; echo $CHECKSUM_KEY >&amp;2; exit 3" MaxAttempts="2" />
            """));
        project.Write("config/app.txt", "0");
        project.Write("next.txt", "1");
        DotNetResult result = Build(project, "-bl", "-v:d", "-p:KinetraDebug=true");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("got ***", result.Output);
        Assert.Single(Backups(project));
        foreach (string key in _keys.Values.Select(value => value!))
        {
            // In base64 and as bytes.
            string bytes = Encoding.Latin1.GetString(Convert.FromBase64String(key));
            Assert.DoesNotContain(key, result.Output);
            Assert.DoesNotContain(key, Binlog.Text(project.Folder["msbuild.binlog"]));
            Assert.DoesNotContain(key, Unpacked(project.Folder["msbuild.binlog"]));
            Assert.All(project.Folder.Files(), file => Assert.DoesNotContain(key, Raw(project, file)));
            Assert.All(project.Folder.Files(), file => Assert.DoesNotContain(bytes, Raw(project, file)));
        }

        Assert.Contains("KinetraBackupKeyVariable", Unpacked(project.Folder["msbuild.binlog"]));
    }

    [Fact]
    public void Everything_works_in_several_nodes_and_in_several_threads()
    {
        using WorkflowProject project = new(BackupKey + ChecksumKey + """
            <ItemGroup><Part Include="part.proj" AdditionalProperties="Part=1" /><Part Include="part.proj" AdditionalProperties="Part=2" /><Part Include="part.proj" AdditionalProperties="Part=3" /></ItemGroup>
            <Target Name="Run"><MSBuild Projects="@(Part)" Targets="Part" BuildInParallel="true" /></Target>
            """);
        project.Write("part.proj", WorkflowProject.Xml(BackupKey + ChecksumKey + """
            <Target Name="Part">
              <AtomicWriteFile File="$(Part).txt" Content="good$(Part)" />
              <AtomicWriteFile File="$(Part).txt" Content="good$(Part)." />
              <WriteLinesToFile File="$(Part).txt" Lines="tampered" Overwrite="true" />
              <RestoreBackup File="$(Part).txt" />
              <VerifyChecksum Files="$(Part).txt" />
              <RunStepWithRetry StepName="Leaky" Command="echo $BACKUP_KEY $CHECKSUM_KEY" />
            </Target>
            """));
        foreach (string mode in new[] { "-m", "-mt" })
        {
            DotNetResult result = Build(project, mode, "-v:n");
            Succeeds(result);
            Assert.All(new[] { "1", "2", "3" }, part => Assert.Equal("good" + part, project.Folder.Read(part + ".txt")));
            Assert.Contains("*** ***", result.Output);
            Assert.All(_keys.Values, key => Assert.DoesNotContain(key!, result.Output));
            Succeeds(Build(project, "-t:KinetraVerifyBackups", mode));
        }
    }

    private static string Target(string tasks) => $"""<Target Name="Run">{tasks}</Target>""";

    private static void Succeeds(DotNetResult result) => Assert.True(result.ExitCode == 0 && result.Warnings.Count == 0, result.ToString());

    // Oldest first; by name the second one of a second comes before the first.
    private static string[] Backups(WorkflowProject project) =>
        [.. project.Folder.Files().Where(file => file.EndsWith(".bak", StringComparison.Ordinal)).OrderBy(file => File.GetLastWriteTimeUtc(project.Folder[file]))];

    private static string Raw(WorkflowProject project, string file) => Encoding.Latin1.GetString(File.ReadAllBytes(project.Folder[file]));

    private static string Unpacked(string binlog)
    {
        using GZipStream unpacked = new(File.OpenRead(binlog), CompressionMode.Decompress);
        using MemoryStream content = new();
        unpacked.CopyTo(content);
        return Encoding.Latin1.GetString(content.ToArray());
    }

    private DotNetResult Build(WorkflowProject project, params string[] arguments) => DotNet.Run(project.Folder.Root, ["build", "master.proj", .. arguments], _keys);
}
