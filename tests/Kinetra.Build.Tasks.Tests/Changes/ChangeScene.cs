using System.Security;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Microsoft.Build.Framework;
using Xunit;

namespace Kinetra.Build.Tasks.Tests.Changes;

/// <summary>
/// A project with a step that makes two files of what lies in <c>in</c>. Each time its script really runs it says so in <c>ran.txt</c>, of which
/// the step says nothing.
/// </summary>
internal sealed class ChangeScene : IDisposable
{
    /// <summary>A file that the script reads and nobody declares.</summary>
    public const string Undeclared = "undeclared.txt";

    // It finds the project by a variable that every step gets, so that it works wherever it lies and from wherever it is run. What it does with
    // fail, disturb and up.txt is for single kinds.
    private const string Script = """
        cd "$KINETRA_STATE_DIR/.."
        echo "$KINETRA_STEP" >> ran.txt
        echo "token $KINETRA_CHANGE_TOKEN $KINETRA_CHANGE_MASKED"
        if [ -f fail ]; then exit 3; fi
        mkdir -p out
        cat in/* > out/all.txt
        echo "$* $MODE $(cat undeclared.txt)" > out/words.txt
        if [ -f disturb ]; then echo more >> in/a.txt; fi
        """;

    private readonly TempFolder _folder = new();
    private readonly List<string> _variables = [];
    private RunState? _state;
    private string[] _ranBefore = [];

    public ChangeScene()
    {
        WriteSources("project");
        Project = "project";
    }

    /// <summary>The step's name.</summary>
    public string Name { get; set; } = "make";

    /// <summary>The folder of the project, below the test's.</summary>
    public string Project { get; private set; }

    /// <summary>The project's file.</summary>
    public string File { get; set; } = "master.proj";

    /// <summary>The step's metadata.</summary>
    public Dictionary<string, string> Step { get; } = new()
    {
        ["Command"] = "sh steps/make.sh one two",
        ["Inputs"] = "in/*.txt",
        ["Outputs"] = "out/all.txt;out/words*.txt",
        ["Environment"] = "MODE=slow",
    };

    /// <summary>What else stands in the project.</summary>
    public string More { get; set; } = "";

    /// <summary>What the project sets beside its steps.</summary>
    public Dictionary<string, string> Properties { get; } = [];

    /// <summary>The global properties of the next build.</summary>
    public Dictionary<string, string> CommandLine { get; } = [];

    /// <summary>The target of the next build.</summary>
    public string Target { get; set; } = "Build";

    /// <summary>The directory of the cache, as the project sees it.</summary>
    public string CacheDirectory { get; set; } = ".workflow_cache";

    /// <summary>What the script writes to <c>words.txt</c>, but for what is undeclared.</summary>
    public string Words { get; set; } = "one two slow";

    /// <summary>What <c>words.txt</c> gets of the undeclared file; null for what that has now.</summary>
    public string? KnownUndeclared { get; set; }

    /// <summary>What the last build did.</summary>
    public EngineResult Result { get; private set; } = null!;

    /// <summary>The state of the last build.</summary>
    public RunState State => _state ??= ReadState();

    /// <summary>How often a step's script was run in the last build.</summary>
    public int Ran(string? step = null) => EverRan().Count(name => name == (step ?? Name)) - _ranBefore.Count(name => name == (step ?? Name));

    /// <summary>A path in the project.</summary>
    public string this[string relative] => _folder[Path.Combine(Project, relative)];

    /// <summary>A path in the test's folder.</summary>
    public string Beside(string relative) => _folder[relative];

    /// <summary>Writes a file of the project.</summary>
    public void Write(string relative, string content) => _folder.Write(Path.Combine(Project, relative), content);

    /// <summary>Reads a file of the project.</summary>
    public string Read(string relative) => System.IO.File.ReadAllText(this[relative]);

    /// <summary>Deletes a file of the project.</summary>
    public void Delete(string relative) => System.IO.File.Delete(this[relative]);

    /// <summary>Deletes a directory of the project.</summary>
    public void DeleteDirectory(string relative) => Directory.Delete(this[relative], recursive: true);

    /// <summary>Renames a file of the project.</summary>
    public void Rename(string from, string to) => System.IO.File.Move(this[from], this[to]);

    /// <summary>Sets the time of a file to one long ago.</summary>
    public void Touch(string relative) => System.IO.File.SetLastWriteTimeUtc(this[relative], new DateTime(2020, 2, 2, 2, 2, 2, DateTimeKind.Utc));

    /// <summary>Sets the rights of a file to those of a program of its owner's.</summary>
    public void MakeProgram(string relative)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(this[relative], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Sets a variable of this process, until the scene is removed. Its name is to be used by one test only.</summary>
    public void SetVariable(string name, string value)
    {
        _variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Moves the whole project to another folder.</summary>
    public void Move(string to)
    {
        Directory.Move(_folder[Project], _folder[to]);
        Project = to;
    }

    /// <summary>Makes another checkout of the project, with its sources only, and goes there.</summary>
    public void CheckOut(string to)
    {
        WriteSources(to);
        Project = to;
    }

    /// <summary>Builds.</summary>
    public EngineResult Build()
    {
        _ranBefore = EverRan();
        _state = null;
        Write(File, Xml());
        Result = Engine.Build(this[File], Target, [.. CommandLine.Select(property => (property.Key, property.Value))]);
        return Result;
    }

    /// <summary>What a plan says about the step: what becomes of it, and why.</summary>
    public (string Action, string Reason) Plan()
    {
        Write(File, Xml());
        EngineResult result = Engine.Build(this[File], "KinetraPlan", [.. CommandLine.Select(property => (property.Key, property.Value))]);
        Assert.True(result.Succeeded, string.Join('\n', result.Errors.Select(error => error.Message)));
        Match line = Assert.Single(result.Messages.Select(message => Regex.Match(message.Message ?? "", $@"^ +\d+ +{Name} +(?<action>perhaps runs|runs|does not run|fails)[^:]*: (?<reason>.*)$")), match => match.Success);
        return (line.Groups["action"].Value, line.Groups["reason"].Value);
    }

    /// <summary>Builds, which is to succeed.</summary>
    public void BuildWell()
    {
        Build();
        Assert.True(Result.Succeeded, string.Join('\n', Result.Errors.Select(error => error.Message)));
        Assert.Equal("completed", State.Status);
    }

    /// <summary>The status of the step in the last build.</summary>
    public string Status(string? step = null) => State.Step(step ?? Name).GetProperty("status").GetString()!;

    /// <summary>Why the step was run or not in the last build.</summary>
    public string Reason(string? step = null) => State.Step(step ?? Name).GetProperty("reason").GetString()!;

    /// <summary>The run that had made what the step did not have to make again.</summary>
    public string? ResumedFrom => State.Step(Name).TryGetProperty("resumed_from", out JsonElement run) ? run.GetString() : null;

    /// <summary>The id of the last run.</summary>
    public string RunId => Path.GetFileNameWithoutExtension(StateFile());

    /// <summary>The files that the step makes, and their content as it should be by what lies in the project.</summary>
    public IReadOnlyDictionary<string, string> Expected => new Dictionary<string, string>
    {
        ["out/all.txt"] = string.Concat(Directory.GetFiles(this["in"]).Order(StringComparer.Ordinal).Select(System.IO.File.ReadAllText)),
        ["out/words.txt"] = $"{Words} {KnownUndeclared ?? Read(Undeclared).Trim()}\n",
    };

    /// <summary>When the outputs were written.</summary>
    public IReadOnlyList<DateTime> OutputTimes => [.. Expected.Keys.Select(output => System.IO.File.GetLastWriteTimeUtc(this[output]))];

    /// <summary>All files of the test, and when they were written.</summary>
    public IReadOnlyList<(string, DateTime)> Files() => [.. _folder.Files().Select(file => (file, System.IO.File.GetLastWriteTimeUtc(_folder[file])))];

    /// <summary>All files of the test, apart from what a build reads, to look for what should be in none.</summary>
    public IEnumerable<string> WrittenFiles() => _folder.Files().Where(file => file.Contains("/.workflow_", StringComparison.Ordinal) || file.Contains("/logs/", StringComparison.Ordinal)).Select(file => _folder[file]);

    /// <summary>The files in the cache with the contents of outputs, or with the entries of steps.</summary>
    public IReadOnlyList<string> Cached(string what) => Directory.GetFiles(Path.Combine(this[CacheDirectory], what), "*", SearchOption.AllDirectories);

    public void Dispose()
    {
        _variables.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        _folder.Dispose();
    }

    /// <summary>The text of a step.</summary>
    public static string StepXml(string name, IReadOnlyDictionary<string, string> metadata) =>
        $"<KinetraStep Include=\"{name}\">{string.Concat(metadata.Select(entry => $"<{entry.Key}>{SecurityElement.Escape(entry.Value)}</{entry.Key}>"))}</KinetraStep>";

    private string Xml() => $"""
        <Project>
          <Import Project="{Repository.PathTo("build", "Sdk.props")}" />
          <PropertyGroup>
            <KinetraMaxAttempts>1</KinetraMaxAttempts>
            {string.Concat(Properties.Select(property => $"<{property.Key}>{SecurityElement.Escape(property.Value)}</{property.Key}>"))}
          </PropertyGroup>
          <ItemGroup>{StepXml(Name, Step)}{More}</ItemGroup>
          <Import Project="{Repository.PathTo("build", "Sdk.targets")}" />
        </Project>
        """;

    private void WriteSources(string project)
    {
        foreach ((string file, string content) in new[] { ("in/a.txt", "a\n"), ("in/b.txt", "b\n"), ("steps/make.sh", Script), ("other/steps/make.sh", Script), (Undeclared, "1\n") })
        {
            _folder.Write(Path.Combine(project, file), content);
        }
    }

    // In all checkouts.
    private string[] EverRan() =>
        [.. Directory.GetDirectories(_folder.Root).Select(project => Path.Combine(project, "ran.txt")).Where(System.IO.File.Exists).SelectMany(System.IO.File.ReadAllLines)];

    private RunState ReadState() => RunState.Read(StateFile());

    // Without the extension the names are in order.
    private string StateFile() => Directory.EnumerateFiles(this[".workflow_state"], "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Last();
}
