using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>A workflow of 30 steps that is killed at random moments, and continued, until it completes.</summary>
/// <param name="seed">Chooses the moments, and who is killed.</param>
/// <param name="maxKills">After so many kills it is left alone.</param>
/// <param name="usual">How long an undisturbed build takes.</param>
public sealed class KillCase(int seed, int maxKills, TimeSpan usual)
{
    private const int Steps = 30;
    private const int Kill = 9;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // What is its own in each run: times, ids, and what is said of the runs before.
    private static readonly string[] Own =
        ["workflow_id", "start_time", "end_time", "total_duration", "duration", "reason", "resumed_from", "continues", "log_file", "cpu_time", "peak_memory"];

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Random _random = new(seed);
    private readonly WorkflowProject _project = new(Body);
    private readonly List<string> _problems = [];

    // The lines in the file of each step when it was first known to be completed.
    private readonly Dictionary<string, int> _completed = [];

    /// <summary>The seed.</summary>
    public int Seed => seed;

    /// <summary>How often it was killed while its run went on.</summary>
    public int Kills { get; private set; }

    /// <summary>How many builds there were.</summary>
    public int Builds { get; private set; }

    // Some steps leave their mark before they have taken their time, some after it.
    private static string Body => $"""
        <PropertyGroup><KinetraGracePeriod>1s</KinetraGracePeriod></PropertyGroup>
        <Target Name="Run">
          {string.Join("\n  ", Enumerable.Range(1, Steps).Select(number => $"""<RunStepWithRetry StepName="{Name(number)}" Command="{Line(number)}" Critical="{(number % 5 == 0 ? "false" : "true")}" MaxAttempts="2" />"""))}
        </Target>
        <Target Name="Look"><RunStepWithRetry StepName="Look" Command="true" /></Target>
        """;

    /// <summary>A build that nobody disturbs.</summary>
    /// <returns>How long it takes, and its state without what is its own.</returns>
    public static (TimeSpan Duration, string State) Undisturbed()
    {
        using WorkflowProject project = new(Body);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        DotNetResult result = project.Build();
        TimeSpan duration = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        return result.ExitCode == 0 ? (duration, Comparable(project.StateFile())) : throw new InvalidOperationException(result.ToString());
    }

    /// <summary>Kills and continues it until it completes.</summary>
    /// <param name="undisturbed">What the state is to be.</param>
    /// <returns>What is wrong.</returns>
    public IReadOnlyList<string> Try(string undisturbed)
    {
        using (_project)
        {
            try
            {
                while (!BuildOnce() && Builds < maxKills + 20)
                {
                }

                CheckEnd(undisturbed);
            }
            catch (TimeoutException error)
            {
                _problems.Add(error.Message);
            }
            finally
            {
                foreach (CaseProcess left in CaseProcess.WithEnvironment(_id))
                {
                    left.Kill();
                }
            }
        }

        return _problems;
    }

    // Returns whether the workflow is completed.
    private bool BuildOnce()
    {
        string? before = Journals().LastOrDefault();
        bool wasKilled = before is not null && StatusOf(before) == "running";
        string[] arguments = ["build", "master.proj", .. Builds > 0 ? (string[])["-p:KinetraResume=true"] : []];
        Builds++;
        using RunningDotNet build = DotNet.Start(_project.Folder.Root, arguments, new Dictionary<string, string?> { ["KINETRA_TEST_CASE"] = _id, ["DOTNET_EnableDiagnostics"] = "0" });
        // On a busy machine many are killed before their run begins, which does not count; the last ones are left alone all the same.
        if (Kills < maxKills && Builds < maxKills + 10)
        {
            Thread.Sleep(usual * _random.NextDouble());
            if (_random.Next(2) == 0)
            {
                build.Signal(Kill);
            }
            else
            {
                build.SignalGroup(Kill);
            }
        }

        DotNetResult result = build.WaitForEnd(Limit);
        NoProcessIsLeft();
        string? last = Journals().LastOrDefault();
        bool hasBegun = last is not null && last != before;
        if (wasKilled && hasBegun)
        {
            DeadRunIsReported(before!, last!, result);
        }

        if (result.ExitCode is not (0 or 128 + Kill))
        {
            _problems.Add($"build {Builds}: {result}");
            return true;
        }

        string status = hasBegun ? StatusOf(last!) : "none";
        Kills += status == "running" ? 1 : 0;
        Note();
        if (result.ExitCode == 0 && status != "completed")
        {
            _problems.Add($"build {Builds} succeeded, and its run is {status}");
        }

        return status == "completed";
    }

    private void NoProcessIsLeft()
    {
        IReadOnlyList<CaseProcess> living = [];
        SpinWait.SpinUntil(() =>
        {
            living = CaseProcess.WithEnvironment(_id);
            Thread.Sleep(living.Count == 0 ? 0 : 30);
            return living.Count == 0;
        }, TimeSpan.FromSeconds(10));
        _problems.AddRange(living.Select(process => $"build {Builds}: still runs: {process.CommandLine}"));
    }

    // As soon as the next run has a step, it has also said what became of the one before.
    private void DeadRunIsReported(string dead, string next, DotNetResult result)
    {
        string state = Path.ChangeExtension(dead, ".json");
        string id = Path.GetFileNameWithoutExtension(dead);
        if (!File.Exists(state) || RunState.Read(state).Status != "interrupted")
        {
            _problems.Add($"build {Builds}: the state of the killed run {id} is {(File.Exists(state) ? RunState.Read(state).Status : "gone")}");
        }

        bool hasSteps = Records(next).Any(record => record.TryGetProperty("step", out _));
        if (hasSteps && result.ExitCode == 0 && !result.Output.Contains($"({id}) was killed, and is recorded as interrupted", StringComparison.Ordinal))
        {
            _problems.Add($"build {Builds}: it does not say that {id} was killed:\n{result.Output}");
        }
    }

    // What a journal has as completed is so for good.
    private void Note()
    {
        foreach (string journal in Journals())
        {
            foreach (JsonElement record in Records(journal))
            {
                if (record.TryGetProperty("step", out JsonElement step) && step.GetProperty("status").GetString() == "completed")
                {
                    string name = step.GetProperty("name").GetString()!;
                    _ = _completed.TryAdd(name, Lines(name));
                }
            }
        }

        foreach ((string name, int lines) in _completed.Where(step => Lines(step.Key) != step.Value))
        {
            _problems.Add($"build {Builds}: {name} was completed, and ran again: {lines} lines before, {Lines(name)} now");
        }
    }

    private void CheckEnd(string undisturbed)
    {
        string journal = Journals().Last();
        string state = Path.ChangeExtension(journal, ".json");
        if (!File.Exists(state) || RunState.Read(state).Status == "running")
        {
            // Killed between the journal's last record and the state: the next build of any kind mends it.
            _project.Build("-t:Look");
        }

        string found = Comparable(state);
        if (found != undisturbed)
        {
            _problems.Add($"the final state is another one:\n{found}");
        }

        _problems.AddRange(Enumerable.Range(1, Steps).Select(Name).Where(name => !_completed.ContainsKey(name) || Lines(name) < 1).Select(name => $"{name} is lost"));
    }

    private IReadOnlyList<string> Journals()
    {
        string directory = _project.Folder[".workflow_state"];
        return Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.journal").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)] : [];
    }

    private int Lines(string step) => File.Exists(_project.Folder[step + ".txt"]) ? File.ReadAllLines(_project.Folder[step + ".txt"]).Length : 0;

    private static string StatusOf(string journal) =>
        Records(journal).LastOrDefault() is { ValueKind: JsonValueKind.Object } last && last.TryGetProperty("finish", out JsonElement finish) ? finish.GetProperty("status").GetString()! : "running";

    // Told from the text of the journal; the last record may have been cut off by the kill.
    private static IReadOnlyList<JsonElement> Records(string journal)
    {
        List<JsonElement> records = [];
        foreach (string line in File.ReadAllText(journal).Split('\n').SkipLast(1).Skip(1))
        {
            using JsonDocument json = JsonDocument.Parse(line[18..]);
            records.Add(json.RootElement.Clone());
        }

        return records;
    }

    private static string Comparable(string state)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllText(state))!.AsObject();
        foreach (JsonObject item in root["steps"]!.AsArray().Select(step => step!.AsObject()).Append(root))
        {
            Array.ForEach(Own, name => item.Remove(name));
        }

        return root.ToJsonString();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"step{number:00}");

    private static string Line(int number)
    {
        string time = string.Create(CultureInfo.InvariantCulture, $"sleep 0.{(number * 37 % 96) + 5:000}");
        string mark = $"echo line &gt;&gt; {Name(number)}.txt";
        return number % 2 == 0 ? $"{mark} ; {time}" : $"{time} ; {mark}";
    }
}
