using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class StateWriterTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly FilePath _file;
    private readonly RunRecord _run;
    private readonly StateWriter _state;

    public StateWriterTests()
    {
        _file = _project.Path("state.json");
        _run = new RunRecord
        {
            Workflow = "master",
            Id = "20261123_045501",
            Number = 1,
            ProcessId = 1,
            Host = "host",
            StartTime = _project.Time.GetUtcNow(),
            LogFile = "a.log",
            Metadata = new Dictionary<string, string>(),
        };
        _state = new StateWriter(_file, _run);
    }

    public void Dispose()
    {
        _state.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void What_ends_while_a_snapshot_is_written_is_in_the_next_one_once()
    {
        StepRecord first = Begin("a");
        StepRecord second = Begin("b");
        End(first);
        StateSnapshot snapshot = _state.Take();
        End(second);
        Begin("c");
        _state.Write(snapshot);
        Assert.Equal(["a completed", "b running"], Steps());
        _state.Write();
        Assert.Equal(["a completed", "b completed", "c running"], Steps());
    }

    [Fact]
    public void A_snapshot_that_comes_after_the_end_changes_nothing()
    {
        StepRecord step = Begin("a");
        StateSnapshot snapshot = _state.Take();
        End(step);
        _run.End(RunStatus.Completed, TimeSpan.FromSeconds(1), null, _ => TimeSpan.Zero);
        _state.Finish();
        string finished = _project.Folder.Read("state.json");
        _state.Write(snapshot);
        _state.Write();
        Assert.Equal(finished, _project.Folder.Read("state.json"));
        Assert.Equal(["a completed"], Steps());
    }

    [Fact]
    public void What_could_not_be_written_is_written_the_next_time()
    {
        StepRecord step = Begin("a");
        End(step);
        Directory.CreateDirectory(_file.Full);
        Assert.ThrowsAny<Exception>(_state.Write);
        Directory.Delete(_file.Full);
        _state.Write();
        Assert.Equal(["a completed"], Steps());
    }

    private StepRecord Begin(string name)
    {
        StepRecord step = new(_run.Steps.Count + 1, name, 1, critical: true) { StartTime = _run.StartTime };
        _run.Add(step);
        _state.Begin(step);
        return step;
    }

    private void End(StepRecord step)
    {
        (step.Status, step.Duration) = (StepStatus.Completed, TimeSpan.FromSeconds(1));
        _state.End(step);
    }

    private IEnumerable<string> Steps()
    {
        using JsonDocument state = JsonDocument.Parse(_project.Folder.Read("state.json"));
        return [.. state.RootElement.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name").GetString()} {step.GetProperty("status").GetString()}")];
    }
}
