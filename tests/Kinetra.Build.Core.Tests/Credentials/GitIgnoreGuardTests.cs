using System.Collections;
using System.Runtime.Versioning;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Credentials;

/// <summary>With real repositories, as only git knows what it ignores.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GitIgnoreGuardTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly Dictionary<string, string> _environment = [];

    public GitIgnoreGuardTests()
    {
        Assert.SkipUnless(GitCommand.IsInstalled, "git is not installed.");
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            _environment[(string)variable.Key] = (string)variable.Value!;
        }

        foreach ((string name, string? value) in GitCommand.Environment)
        {
            _environment[name] = value ?? "/nonsense";
        }

        Git("init", "-q");
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void What_is_not_ignored_is_a_warning_with_the_line_to_add()
    {
        KinetraException warning = Warned(Check("config/.env"));
        Assert.Contains("config/.env", warning.Message);
        Assert.Contains("GitIgnore=\"true\"", warning.Message);
        Assert.EndsWith(".gitignore yourself: /config/.env", warning.Message);
        Assert.False(File.Exists(_project.Folder[".gitignore"]));
    }

    [Fact]
    public void The_line_of_the_warning_is_the_right_one()
    {
        string message = Warned(Check("config/.env")).Message;
        _project.Write(".gitignore", message[(message.LastIndexOf(' ') + 1)..]);
        Assert.Equal(GitIgnoreResult.Nothing, Check("config/.env"));
    }

    [Fact]
    public void A_file_that_is_no_credentials_file_is_not_looked_at()
    {
        Assert.Equal(GitIgnoreResult.Nothing, Check("a.txt"));
        Assert.Equal(GitIgnoreResult.Nothing, Check(".env.example"));
        Warned(Guard().Check(_project.Path("a.txt"), UnixMode.Private));
        Warned(Guard(environmentFile: "a.txt").Check(_project.Path("a.txt")));
    }

    [Theory]
    [InlineData(".gitignore", ".env")]
    [InlineData(".gitignore", "*.env")]
    [InlineData(".gitignore", "config/")]
    [InlineData("config/.gitignore", "*")]
    [InlineData(".git/info/exclude", ".env")]
    public void Whatever_ignores_it_counts(string gitIgnore, string pattern)
    {
        _project.Write(gitIgnore, pattern + "\n");
        Assert.Equal(GitIgnoreResult.Nothing, Check("config/.env"));
        Assert.Equal(GitIgnoreResult.Nothing, Add("config/.env"));
        Assert.Equal(pattern + "\n", _project.Folder.Read(gitIgnore));
    }

    [Fact]
    public void The_users_own_excludes_count()
    {
        _project.Write("home/excludes", ".env\n");
        _project.Write("home/config", $"[core]\nexcludesFile = {_project.Folder["home/excludes"]}\n");
        Warned(Check(".env"));
        _environment["GIT_CONFIG_GLOBAL"] = _project.Folder["home/config"];
        Assert.Equal(GitIgnoreResult.Nothing, Check(".env"));
    }

    [Theory]
    [InlineData(".env\n!.env\n")]
    [InlineData("*\n!config\n!config/.env\n")]
    public void What_a_negation_takes_back_does_not_count(string gitIgnore)
    {
        _project.Write(".gitignore", gitIgnore);
        Warned(Check("config/.env"));
        Assert.Null(Add("config/.env").Warning);
        AssertIgnored("config/.env");
    }

    [Fact]
    public void A_line_that_is_taken_back_is_a_warning_and_is_not_added_again()
    {
        const string Lines = "/config/.env\n!.env\n";
        _project.Write(".gitignore", Lines);
        Assert.Contains("git check-ignore -v --no-index config/.env", Warned(Check("config/.env")).Message);
        Warned(Add("config/.env"));
        Assert.Equal(Lines, _project.Folder.Read(".gitignore"));
    }

    [Fact]
    public void The_line_is_added_once_before_the_file_exists()
    {
        GitIgnoreResult result = Add("config/.env");
        Assert.Null(result.Warning);
        Assert.Contains("/config/.env", result.Note);
        Assert.False(Directory.Exists(_project.Folder["config"]));
        Assert.Equal(GitIgnoreResult.Nothing, Add("config/.env"));
        Assert.Equal("/config/.env\n", _project.Folder.Read(".gitignore"));
        AssertIgnored("config/.env");
    }

    [Fact]
    public void Any_file_can_be_added()
    {
        Assert.Null(Add("a.txt").Warning);
        AssertIgnored("a.txt");
    }

    [Fact]
    public void A_tracked_file_is_not_safe_though_a_pattern_matches()
    {
        Track(".env");
        _project.Write(".gitignore", ".env\n");
        Assert.Contains("git rm --cached .env", Warned(Check(".env")).Message);
        Assert.Contains("git rm --cached .env", Warned(Add(".env")).Message);
        Assert.Equal(".env\n", _project.Folder.Read(".gitignore"));
    }

    [Fact]
    public void Of_a_tracked_file_the_line_is_added_nevertheless()
    {
        Track(".env");
        Assert.Contains("/.env", Warned(Check(".env")).Message);
        Warned(Add(".env"));
        Git("rm", "-q", "--cached", ".env");
        AssertIgnored(".env");
        Assert.Equal(GitIgnoreResult.Nothing, Check(".env"));
    }

    [Theory]
    [InlineData("#1/.env")]
    [InlineData("!x/.env")]
    [InlineData("#.env")]
    [InlineData("!.env")]
    [InlineData("a*b?[c]/.env")]
    [InlineData("[a-z].env")]
    [InlineData("back\\slash/.env")]
    [InlineData("back\\*.env")]
    [InlineData(" blanks  /.env. ")]
    [InlineData(".env.\t")]
    [InlineData("ends  ")]
    [InlineData("-q")]
    [InlineData(":(top)x")]
    [InlineData("ü 数/.env")]
    [InlineData("new\nline")]
    [InlineData("return\r")]
    public void Any_name_gets_a_line_that_works_and_hits_no_other(string name)
    {
        Platform.RequireUnix();
        Assert.Null(Add(name).Warning);
        AssertIgnored(name);
        Assert.Equal(GitIgnoreResult.Nothing, Add(name));
        string[] others = ["a", "b/.env", "aXbYc/.env", "b.env", "ends", "q", "x", "sub/" + name, ".env.x", "back/slash/.env", "backX.env"];
        foreach (string other in others)
        {
            _project.Write(other, "x");
        }

        Assert.DoesNotContain(Git("status", "--porcelain", "-z", "-uall", "--ignored").Split('\0'), line => line.StartsWith("!!", StringComparison.Ordinal) && others.Contains(line[3..]));
    }

    [Fact]
    public void A_name_that_is_a_pattern_to_git_is_not_taken_for_the_tracked_file_that_it_matches()
    {
        Platform.RequireUnix();
        Track(".env.1");
        Assert.DoesNotContain("git rm", Warned(Check(".env.*")).Message);
    }

    [Fact]
    public void A_project_in_a_folder_of_the_repository_has_a_gitignore_of_its_own()
    {
        GitIgnoreGuard guard = Guard("jobs/nightly");
        Assert.Contains(" .gitignore yourself: /config/.env", Warned(guard.Check(_project.Path("jobs/nightly/config/.env"))).Message);
        Assert.Null(guard.Add(_project.Path("jobs/nightly/config/.env")).Warning);
        Assert.Equal("/config/.env\n", _project.Folder.Read("jobs/nightly/.gitignore"));
        AssertIgnored("jobs/nightly/config/.env");
    }

    [Fact]
    public void A_file_beside_the_project_gets_a_gitignore_beside_itself()
    {
        Directory.CreateDirectory(_project.Folder["jobs/nightly"]);
        FilePath file = FilePath.Resolve(_project.Folder["jobs/nightly"], "../shared/.env");
        GitIgnoreGuard guard = Guard("jobs/nightly");
        Assert.Contains("../shared/.gitignore yourself: /.env", Warned(guard.Check(file)).Message);
        Assert.Null(guard.Add(file).Warning);
        Assert.Equal("/.env\n", _project.Folder.Read("jobs/shared/.gitignore"));
        AssertIgnored("jobs/shared/.env");
    }

    [Fact]
    public void A_repository_within_the_project_gets_a_gitignore_of_its_own()
    {
        Directory.CreateDirectory(_project.Folder["inner"]);
        GitCommand.Run(_project.Folder["inner"], "init", "-q");
        Assert.Null(Add("inner/deep/.env").Warning);
        Assert.Equal("/.env\n", _project.Folder.Read("inner/deep/.gitignore"));
        Assert.False(File.Exists(_project.Folder[".gitignore"]));
    }

    [Fact]
    public void A_linked_work_tree_counts()
    {
        Git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "x");
        Git("worktree", "add", "-q", "tree");
        Assert.True(File.Exists(_project.Folder["tree/.git"]));
        Assert.Null(Guard("tree").Add(_project.Path("tree/.env")).Warning);
        Assert.Equal("/.env\n", _project.Folder.Read("tree/.gitignore"));
    }

    [Fact]
    public void What_counts_is_where_a_link_leads()
    {
        Platform.RequireUnix();
        using TempFolder outside = new();
        outside.Write(".env", "A=1");
        File.CreateSymbolicLink(_project.Folder[".env"], outside[".env"]);
        Assert.Equal(GitIgnoreResult.Nothing, Check(".env"));

        Directory.CreateDirectory(_project.Folder["real"]);
        Directory.CreateSymbolicLink(_project.Folder["linked"], "real");
        Warned(Check("linked/.env"));
        Assert.Null(Add("linked/.env").Warning);
        Assert.Equal("/real/.env\n", _project.Folder.Read(".gitignore"));
        AssertIgnored("real/.env");
    }

    [Fact]
    public void A_project_that_is_reached_by_a_link_has_its_own_gitignore()
    {
        Platform.RequireUnix();
        Directory.CreateSymbolicLink(_project.Folder["here"], ".");
        Assert.Null(Guard("here").Add(_project.Path("here/config/.env")).Warning);
        Assert.Equal("/config/.env\n", _project.Folder.Read(".gitignore"));
    }

    [Fact]
    public void Outside_of_a_work_tree_nothing_is_written_or_started()
    {
        Directory.Delete(_project.Folder[".git"], recursive: true);
        _environment["PATH"] = "";
        Assert.Equal(GitIgnoreResult.Nothing, Check(".env"));
        GitIgnoreResult result = Add(".env");
        Assert.Null(result.Warning);
        Assert.Null(result.Debug);
        Assert.Contains("no git work tree", result.Note);
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void Without_git_there_is_no_warning_but_a_debug_note()
    {
        _environment["PATH"] = _project.Folder.Root;
        GitIgnoreResult result = Check(".env");
        Assert.Null(result.Warning);
        Assert.Contains("git", result.Debug);
        result = Add(".env");
        Assert.Null(result.Warning);
        Assert.NotNull(result.Debug);
        Assert.Equal("/.env\n", _project.Folder.Read(".gitignore"));
        Add(".env");
        Assert.Equal("/.env\n", _project.Folder.Read(".gitignore"));
    }

    [Fact]
    public void A_repository_that_git_cannot_use_is_no_warning()
    {
        Directory.Delete(_project.Folder[".git"], recursive: true);
        _project.Write(".git", "gitdir: /nowhere\n");
        GitIgnoreResult result = Check(".env");
        Assert.Null(result.Warning);
        Assert.Contains("128", result.Debug);
    }

    [Fact]
    public void A_git_that_hangs_is_given_up()
    {
        Platform.RequireUnix();
        string git = _project.Folder.Write("bin/git", "#!/bin/sh\nexec sleep 60\n");
        File.SetUnixFileMode(git, UnixMode.PrivateDirectory);
        _environment["PATH"] = _project.Folder["bin"] + ":/bin:/usr/bin";
        using ClockHand clock = new(_project.Time);
        clock.Move(TimeSpan.FromSeconds(5));
        Assert.Contains("no answer", Check(".env").Debug);
    }

    [Theory]
    [InlineData("GIT_DIR")]
    [InlineData("GIT_WORK_TREE")]
    [InlineData("GIT_INDEX_FILE")]
    [InlineData("GIT_CEILING_DIRECTORIES")]
    [InlineData("GIT_ICASE_PATHSPECS")]
    public void Variables_that_describe_another_repository_do_not_matter(string name)
    {
        _environment[name] = name == "GIT_CEILING_DIRECTORIES" ? _project.Folder.Root : _project.Folder["nowhere"];
        Warned(Check("config/.env"));
        Assert.Null(Add("config/.env").Warning);
        Assert.Equal(GitIgnoreResult.Nothing, Check("config/.env"));
    }

    [Fact]
    public void A_gitignore_that_cannot_be_written_is_an_error_before_the_file_is_written()
    {
        Directory.CreateDirectory(_project.Folder[".gitignore"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => Add(".env"));
        Warned(Check(".env"));
    }

    [Fact]
    public void A_path_that_cannot_be_a_file_is_refused_before_anything_is_written()
    {
        Directory.CreateDirectory(_project.Folder[".env"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => Add(".env"));
        Assert.False(File.Exists(_project.Folder[".gitignore"]));
    }

    [Fact]
    public void Several_at_a_time_lose_no_line()
    {
        Concurrently.Run(8, number => Add($"{number}/.env"));
        Assert.Equal(Enumerable.Range(0, 8).Select(number => $"/{number}/.env"), File.ReadAllLines(_project.Folder[".gitignore"]).Order(StringComparer.Ordinal));
    }

    private GitIgnoreResult Check(string file) => Guard().Check(_project.Path(file));

    private GitIgnoreResult Add(string file) => Guard().Add(_project.Path(file));

    private GitIgnoreGuard Guard(string project = "", string? environmentFile = null) =>
        new(_project.Folder[project].TrimEnd('/'), environmentFile is null ? null : _project.Path(environmentFile), _project.Checksums, _environment, _project.Time);

    private static KinetraException Warned(GitIgnoreResult result)
    {
        Assert.NotNull(result.Warning);
        Assert.Equal(DiagnosticCodes.NotIgnoredByGit, result.Warning.Code);
        return result.Warning;
    }

    private void Track(string file)
    {
        _project.Write(file, "A=1\n");
        Git("add", "-f", file);
    }

    private void AssertIgnored(string file)
    {
        _project.Write(file, "A=1\n");
        string status = Git("status", "--porcelain", "-z", "-uall");
        Assert.DoesNotContain(status.Split('\0'), line => line.EndsWith(' ' + file, StringComparison.Ordinal));
    }

    private string Git(params string[] arguments) => GitCommand.Run(_project.Folder.Root, arguments);
}
