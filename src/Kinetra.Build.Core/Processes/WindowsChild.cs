using System.Diagnostics;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// A program on Windows, in a process group of its own so that a Ctrl-C reaches the build alone. There is no SIGTERM:
/// being told to stop is being ended.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChild : IChild
{
    private readonly Process _process;

    private WindowsChild(Process process) =>
        (_process, Outputs) = (process, [process.StandardOutput.BaseStream, process.StandardError.BaseStream]);

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

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new WindowsChild(process);
    }

    public int WaitForExit()
    {
        // Without a time-out, WaitForExit waits for the pipes too, which a grandchild may hold open for ever.
        while (!_process.WaitForExit(int.MaxValue))
        {
        }

        return _process.ExitCode;
    }

    // Terminate has ended them all.
    public bool HasDescendants() => false;

    public void Terminate() => Kill();

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose() => _process.Dispose();
}
