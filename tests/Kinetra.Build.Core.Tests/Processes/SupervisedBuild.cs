using System.Diagnostics;
using System.Globalization;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Tests.Sweeps;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

/// <summary>
/// A process that runs programs under a watchdog, to be killed (<c>tests/Kinetra.Build.Torture/Supervised.cs</c>). The
/// programs note their process ids in files. What is left at the end is ended.
/// </summary>
internal sealed class SupervisedBuild : IDisposable
{
    private readonly Process _process;
    private readonly string _mark = Guid.NewGuid().ToString("N");

    /// <summary>Starts the process.</summary>
    /// <param name="verb"><c>run</c>, <c>run-unknown</c> or <c>storm</c>.</param>
    /// <param name="line">The line of shell, or the number of programs.</param>
    /// <param name="shell">The watchdog's shell.</param>
    /// <param name="gracePeriod">The grace period.</param>
    public SupervisedBuild(string verb, string line, string shell = "/bin/sh", TimeSpan? gracePeriod = null)
    {
        TimeSpan grace = gracePeriod ?? TimeSpan.FromMilliseconds(300);
        ProcessStartInfo start = new(Victim.Program) { WorkingDirectory = Folder.Root };
        Victim.Prepare(start.Environment);
        foreach (string argument in (string[])[verb, Folder.Root, _mark, shell, PathFor(shell), grace.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), line])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    public TempFolder Folder { get; } = new();

    /// <summary>The shells of this machine that the watchdog is tried with.</summary>
    public static TheoryData<string> Shells =>
    [
        .. new[] { "/bin/dash", "/bin/bash", Busybox is { } busybox ? busybox + " sh" : null }.Where(shell => shell is not null && File.Exists(shell.Split(' ')[0])).Select(shell => shell!),
    ];

    /// <summary>The watchdog's process id, once it runs.</summary>
    public int Watchdog => PidIn("watchdog");

    /// <summary>Kills the process, as nothing can be caught.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The process id that is in a file, once it is there.</summary>
    public int PidIn(string file)
    {
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Folder[file]) && Folder.Read(file).EndsWith('\n'), TimeSpan.FromSeconds(20)), $"{file} was not written");
        return int.Parse(Folder.Read(file), CultureInfo.InvariantCulture);
    }

    /// <summary>Has a second attempt run, and waits for its end.</summary>
    public void RunAgain()
    {
        Folder.Write("again", "");
        Assert.True(SpinWait.SpinUntil(() => !File.Exists(Folder["again"]), TimeSpan.FromSeconds(20)), "there was no second attempt");
    }

    /// <summary>The processes that carry the build's mark.</summary>
    public IReadOnlyList<ProcessMember> Left() => ProcessTree.Members(-1, _mark);

    /// <summary>Asserts that nothing of the build is left, the watchdog included, or will be within some seconds.</summary>
    public void AssertAllEnded()
    {
        int watchdog = Watchdog;
        SpinWait.SpinUntil(() => { Thread.Sleep(20); return Left().Count == 0 && !ProcessRun.IsAlive(watchdog); }, TimeSpan.FromSeconds(15));
        Assert.Empty(Left());
        Assert.False(ProcessRun.IsAlive(watchdog), "the watchdog still runs");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        ProcessTree.EndLeftovers([_mark], TimeSpan.Zero, TimeProvider.System);
        _process.Dispose();
        Folder.Dispose();
    }

    // Busybox is its own grep, cat and so on, which differ from others in what matters here.
    private string PathFor(string shell)
    {
        if (!shell.Contains("busybox"))
        {
            return "/usr/bin:/bin";
        }

        string tools = Directory.CreateDirectory(Folder["tools"]).FullName;
        foreach (string tool in (string[])["cat", "date", "grep", "sleep", "tr"])
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), shell.Split(' ')[0]);
        }

        return tools;
    }

    private static string? Busybox => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(directory => Path.Combine(directory, "busybox")).FirstOrDefault(File.Exists);
}
