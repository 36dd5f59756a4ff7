using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

/// <summary>Runs programs in a folder of their own and keeps what they write. What they leave behind is ended at the end.</summary>
internal sealed class ProcessRun : IDisposable
{
    private readonly string _mark = "KINETRA_TEST_MARK=" + Guid.NewGuid().ToString("N");
    private readonly MemoryStream _log = new();

    public TempFolder Folder { get; } = new();

    public List<string> Lines { get; } = [];

    public string Mark => _mark;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IReadOnlyList<string> Tail { get; private set; } = [];

    public TimeSpan Elapsed { get; private set; }

    /// <summary>What the last program took, which its result does not have here, so that results can be compared.</summary>
    public (TimeSpan? Cpu, long? PeakMemory) Usage { get; private set; }

    /// <summary>What was written to the log, as text.</summary>
    public string Text => Encoding.UTF8.GetString(_log.ToArray());

    public ProcessResult Shell(string line, TimeSpan? timeout = null, CancellationToken cancellation = default, Stream? log = null) =>
        Run(ProcessSpec.Shell(line), timeout, cancellation, log);

    public ProcessResult Run(IReadOnlyList<string> arguments, TimeSpan? timeout = null, CancellationToken cancellation = default, Stream? log = null)
    {
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["LANG"] = "C.UTF-8",
            [_mark.Split('=')[0]] = _mark.Split('=')[1],
        };
        StepOutput output = new(log ?? _log, [], Lines.Add);
        ProcessSpec spec = new(arguments, Folder.Root, environment, _mark);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            ProcessResult result = new ProcessRunner(Time).Run(spec, output, new ProcessLimits(timeout, TimeSpan.FromSeconds(2)), cancellation);
            Usage = (result.Cpu, result.PeakMemory);
            return result with { Cpu = null, PeakMemory = null };
        }
        finally
        {
            Elapsed = watch.Elapsed;
            Tail = output.Tail;
        }
    }

    /// <summary>Waits until a program has written a process id into a file, and gives it.</summary>
    public int PidIn(string file)
    {
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Folder[file]) && Folder.Read(file).EndsWith('\n'), TimeSpan.FromSeconds(20)), $"{file} was not written");
        return int.Parse(Folder.Read(file), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a process runs; one that has ended but was not waited for does not.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{pid}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Asserts that processes have ended, given a moment for the kernel to clear up.</summary>
    public void AssertEnded(params string[] pidFiles)
    {
        foreach (string file in pidFiles)
        {
            int pid = PidIn(file);
            Assert.True(SpinWait.SpinUntil(() => !IsAlive(pid), TimeSpan.FromSeconds(1)), $"the process of {file} still runs");
        }

        Assert.Empty(ProcessTree.Members(-1, _mark));
    }

    public void Dispose()
    {
        foreach (int pid in ProcessTree.Members(-1, _mark).Select(member => member.Pid))
        {
            try
            {
                Process.GetProcessById(pid).Kill();
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        Folder.Dispose();
    }
}
