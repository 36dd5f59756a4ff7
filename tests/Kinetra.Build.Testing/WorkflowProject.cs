using System.Text.Json;

namespace Kinetra.Build.Testing;

/// <summary>A folder with a <c>master.proj</c> that uses the SDK from source.</summary>
public sealed class WorkflowProject : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Creates the project.</summary>
    /// <param name="body">What stands between the SDK's props and targets.</param>
    /// <param name="targets">The value of <c>KinetraTargets</c>.</param>
    public WorkflowProject(string body, string targets = "Run") => Write("master.proj", Xml(body, targets));

    /// <summary>The folder.</summary>
    public TempFolder Folder => _folder;

    /// <summary>The text of a project.</summary>
    /// <param name="body">What stands between the SDK's props and targets.</param>
    /// <param name="targets">The value of <c>KinetraTargets</c>.</param>
    public static string Xml(string body, string targets = "Run") => $"""
        <Project>
          <Import Project="{Repository.PathTo("build", "Sdk.props")}" />
          <PropertyGroup>
            <KinetraTargets Condition="'$(KinetraTargets)' == ''">{targets}</KinetraTargets>
            <KinetraRetryDelay>50ms</KinetraRetryDelay>
          </PropertyGroup>
          {body}
          <Import Project="{Repository.PathTo("build", "Sdk.targets")}" />
        </Project>
        """;

    /// <summary>Writes a file beside the project.</summary>
    /// <param name="relative">Its path.</param>
    /// <param name="content">Its content.</param>
    public string Write(string relative, string content) => _folder.Write(relative, content);

    /// <summary>Runs <c>dotnet build master.proj</c>.</summary>
    /// <param name="arguments">More arguments.</param>
    public DotNetResult Build(params string[] arguments) => DotNet.Run(_folder.Root, ["build", "master.proj", .. arguments]);

    /// <summary>Starts <c>dotnet build master.proj</c>.</summary>
    /// <param name="arguments">More arguments.</param>
    public RunningDotNet Start(params string[] arguments) => DotNet.Start(_folder.Root, ["build", "master.proj", .. arguments]);

    /// <summary>The state file of the last run. (Without the extension the names are in order; "-002.json" sorts before ".json".)</summary>
    public string StateFile() =>
        Directory.EnumerateFiles(_folder[".workflow_state"], "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Last();

    /// <summary>The state of the last run.</summary>
    public RunState State() => RunState.Read(StateFile());

    /// <summary>Whether a run has left a state file.</summary>
    public bool HasState => Directory.Exists(_folder[".workflow_state"]) && Directory.EnumerateFiles(_folder[".workflow_state"], "*.json").Any();

    /// <summary>The run log of the last run.</summary>
    public string Log() => File.ReadAllText(_folder[State().Root.GetProperty("log_file").GetString()!]);

    /// <summary>Waits until a file exists.</summary>
    /// <param name="relative">Its path.</param>
    public void WaitFor(string relative)
    {
        for (int i = 0; i < 600; i++)
        {
            if (File.Exists(_folder[relative]))
            {
                return;
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException($"{relative} did not appear within 30 s.");
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => _folder.Dispose();
}

/// <summary>A state file, as a reader of the seed's format sees it.</summary>
/// <param name="Root">The whole JSON.</param>
public sealed record RunState(JsonElement Root)
{
    /// <summary>The run's status.</summary>
    public string Status => Root.GetProperty("status").GetString()!;

    /// <summary>The steps' names and statuses, such as <c>Download: completed</c>.</summary>
    public IReadOnlyList<string> Steps => [.. Root.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name").GetString()}: {step.GetProperty("status").GetString()}")];

    /// <summary>Reads a state file.</summary>
    /// <param name="file">The file.</param>
    public static RunState Read(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        return new RunState(json.RootElement.Clone());
    }

    /// <summary>A step of the run.</summary>
    /// <param name="name">Its name.</param>
    public JsonElement Step(string name) => Root.GetProperty("steps").EnumerateArray().First(step => step.GetProperty("name").GetString() == name);
}
