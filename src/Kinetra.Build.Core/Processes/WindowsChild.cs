using System.Diagnostics;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// A program on Windows, in a process group of its own so that a Ctrl-C reaches the build alone. There is no SIGTERM:
/// being told to stop is being ended. A job object holds the whole tree together, and ends it if the build dies.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChild : IChild
{
    private readonly Process _process;
    private readonly WindowsJob _job;

    private WindowsChild(Process process)
    {
        _process = process;
        _job = WindowsJob.For(process);
        Outputs = [process.StandardOutput.BaseStream, process.StandardError.BaseStream];
    }

    public int Id => _process.Id;

    /// <summary>Its output and its errors. Closed by whoever reads them.</summary>
    public IReadOnlyList<Stream> Outputs { get; }

    /// <summary>Starts a program.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static WindowsChild Start(string program, ProcessSpec spec)
    {
        ProcessStartInfo start = new(program)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            CreateNewProcessGroup = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        // cmd /s takes everything between the first and the last quote as it is.
        if (spec.Arguments is ["cmd.exe", "/d", "/s", "/c", string line])
        {
            start.Arguments = $"/d /s /c \"{line}\"";
        }
        else
        {
            foreach (string argument in spec.Arguments.Skip(1))
            {
                start.ArgumentList.Add(argument);
            }
        }

        WindowsChild child = new(Process.Start(start)!);
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Waits for the program, not for what it started.</summary>
    public void WaitForExit()
    {
        // Without a time-out, WaitForExit waits for the pipes too, which a grandchild may hold open for ever.
        while (!_process.WaitForExit(int.MaxValue))
        {
        }
    }

    public bool HasDescendants() => _job.Running is { } running && running > (_process.HasExited ? 0 : 1);

    public void Terminate() => Kill();

    // The job has all but what was started before it was there; the tree has all but what lost its parent.
    public void Kill()
    {
        _job.Terminate(exitCode: 1);
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    public ChildEnd Reap() => new(_process.ExitCode, _job.Cpu ?? _process.TotalProcessorTime, _job.PeakMemory);

    public void Dispose()
    {
        _job.Dispose();
        _process.Dispose();
    }
}
