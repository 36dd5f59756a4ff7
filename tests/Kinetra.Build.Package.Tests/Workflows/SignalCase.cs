using System.Globalization;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>What a build ends of.</summary>
public enum Ending
{
    /// <summary>Ctrl-C at the terminal: SIGINT to the whole group.</summary>
    InterruptGroup,

    /// <summary>SIGINT to the process alone.</summary>
    Interrupt,

    /// <summary>SIGTERM to the process alone.</summary>
    Terminate,

    /// <summary>SIGHUP to the process alone.</summary>
    Hangup,

    /// <summary>The terminal is closed.</summary>
    Terminal,

    /// <summary>SIGKILL, to the process alone.</summary>
    Kill,
}

/// <summary>How a build is started.</summary>
public enum Launch
{
    /// <summary><c>dotnet build</c>.</summary>
    Build,

    /// <summary><c>dotnet msbuild</c>.</summary>
    MSBuild,

    /// <summary><c>dotnet build -m:1</c>.</summary>
    OneNode,

    /// <summary><c>dotnet build -mt</c>.</summary>
    Threads,

    /// <summary><c>dotnet build</c> that starts an MSBuild server, in its own group.</summary>
    Server,

    /// <summary><c>dotnet build</c> that finds a server, which an earlier build has started.</summary>
    OldServer,

    /// <summary><c>dotnet build</c> that is to use a server, beside a <c>Directory.Build.rsp</c> with <c>-nodeReuse:false</c>, which forbids it.</summary>
    NoServer,
}

/// <summary>What the step is.</summary>
public enum Child
{
    /// <summary>One process.</summary>
    Plain,

    /// <summary>A shell that ignores SIGTERM, with a child.</summary>
    Deaf,

    /// <summary>A shell with a grandchild that moved to a session of its own and lost its parent.</summary>
    Daemon,
}

/// <summary>A build that is ended in some way while a step runs.</summary>
/// <param name="ending">What it ends of.</param>
/// <param name="launch">How it is started.</param>
/// <param name="child">What the step is.</param>
public sealed class SignalCase(Ending ending, Launch launch, Child child)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    // Every process of the case has it in its environment, but for the watchdog.
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>What it ends of.</summary>
    public Ending Ending => ending;

    /// <summary>How it is started.</summary>
    public Launch Launch => launch;

    /// <summary>What the step is.</summary>
    public Child Child => child;

    /// <summary>The exit code, once the case was tried.</summary>
    public int ExitCode { get; private set; }

    private bool HasServer => Launch is Launch.Server or Launch.OldServer;

    private bool WantsServer => HasServer || Launch == Launch.NoServer;

    private string Project => WorkflowProject.Xml(
        $$"""
        <PropertyGroup><KinetraGracePeriod>1s</KinetraGracePeriod></PropertyGroup>
        <Target Name="Run"><RunStepWithRetry StepName="Long" Command="{{Line.Replace("&", "&amp;")}}" MaxAttempts="3" /></Target>
        <Target Name="Later"><RunStepWithRetry StepName="Later" Command="touch later" /></Target>
        <Target Name="Quick"><RunStepWithRetry StepName="Quick" Command="true" /></Target>
        """,
        "Run;Later");

    private string Line => Child switch
    {
        Child.Plain => "touch ready ; exec sleep 300",
        Child.Deaf => "trap '' TERM ; sleep 300 & touch ready ; while : ; do sleep 0.1 ; done",
        _ => "(setsid sh -c 'touch ready ; sleep 300' &) ; sleep 300",
    };

    /// <summary>Runs the build, ends it and looks at what is left.</summary>
    /// <returns>What is wrong.</returns>
    public IReadOnlyList<string> Try()
    {
        using WorkflowProject project = new("");
        project.Write("master.proj", Project);
        if (Launch == Launch.NoServer)
        {
            project.Write("Directory.Build.rsp", "-nodeReuse:false\n");
        }

        List<string> problems = [];
        try
        {
            if (Launch == Launch.OldServer)
            {
                DotNetResult first = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-p:KinetraTargets=Quick"], Environment);
                problems.AddRange(first.ExitCode == 0 ? [] : [$"the build before: {first}"]);
            }

            string output = RunAndEnd(project, problems);
            CheckProcesses(problems);
            Check(project, output, problems);
        }
        catch (TimeoutException error)
        {
            problems.Add(error.Message);
        }
        finally
        {
            foreach (CaseProcess left in CaseProcess.WithEnvironment(_id))
            {
                left.Kill();
            }
        }

        return problems;
    }

    private Dictionary<string, string?> Environment => new()
    {
        ["KINETRA_TEST_CASE"] = _id,
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = WantsServer ? "1" : "0",

        // Without reuse there is no server; with this in its handshake it serves nobody but this case.
        ["MSBUILDDISABLENODEREUSE"] = WantsServer ? null : "1",
        ["MSBUILDNODEHANDSHAKESALT"] = _id,
    };

    private string[] Arguments => Launch switch
    {
        Launch.MSBuild => ["msbuild", "master.proj"],
        Launch.OneNode => ["build", "master.proj", "-m:1"],
        Launch.Threads => ["build", "master.proj", "-mt"],
        _ => ["build", "master.proj"],
    };

    private string RunAndEnd(WorkflowProject project, List<string> problems)
    {
        // The kernel tells the terminal's own shell, and when that has died of it all that run in the foreground. One of them
        // is a shell that survives to tell the exit code; a trap, unlike an ignored signal, is not inherited.
        using RunningDotNet build = Ending == Ending.Terminal
            ? DotNet.Start(project.Folder.Root, ["-qfc", $"sh -c 'trap : HUP; dotnet {string.Join(' ', Arguments)}; echo $? > code'; true", "/dev/null"], Environment, "script")
            : DotNet.Start(project.Folder.Root, Arguments, Environment);
        project.WaitFor("ready");
        Thread.Sleep(200);

        IReadOnlyList<CaseProcess> processes = CaseProcess.WithEnvironment(_id);
        int expected = Child switch { Child.Plain => 1, Child.Deaf => 2, _ => 4 };
        int steps = processes.Count(process => process.IsStep);
        problems.AddRange(steps >= expected ? [] : [$"{steps} processes of the step before the end, not {expected}"]);
        problems.AddRange(processes.Any(process => process.IsServer) == HasServer ? [] : [HasServer ? "there is no server" : "there is a server"]);
        Watchdogs = CaseProcess.Watchdogs(processes);
        problems.AddRange(Watchdogs.Count == 1 ? [] : [$"{Watchdogs.Count} watchdogs"]);
        End(build);

        DotNetResult result = build.WaitForEnd(Limit);
        if (Ending == Ending.Terminal)
        {
            project.WaitFor("code");
        }

        ExitCode = Ending == Ending.Terminal ? int.Parse(project.Folder.Read("code"), CultureInfo.InvariantCulture) : result.ExitCode;
        return result.Output;
    }

    private IReadOnlyList<CaseProcess> Watchdogs { get; set; } = [];

    private void End(RunningDotNet build)
    {
        switch (Ending)
        {
            case Ending.InterruptGroup:
                build.SignalGroup(2);
                break;
            case Ending.Interrupt:
                build.Signal(2);
                break;
            case Ending.Terminate:
                build.Signal(15);
                break;
            case Ending.Hangup:
                build.Signal(1);
                break;
            default:
                // Of the program that has the terminal's other side, which is closed by that.
                build.Signal(9);
                break;
        }
    }

    // A server may wait for the next build; nothing else may live, as soon as the grace period is over.
    private void CheckProcesses(List<string> problems)
    {
        IReadOnlyList<CaseProcess> Living() => [.. CaseProcess.WithEnvironment(_id).Where(process => !process.IsServer), .. Watchdogs.Where(watchdog => Alive.IsRunning(watchdog.Id.ToString(CultureInfo.InvariantCulture)))];
        IReadOnlyList<CaseProcess> living = [];
        SpinWait.SpinUntil(() => { Thread.Sleep(50); living = Living(); return living.Count == 0; }, TimeSpan.FromSeconds(10));
        problems.AddRange(living.Select(process => "still runs: " + process.CommandLine));
    }

    private void Check(WorkflowProject project, string output, List<string> problems)
    {
        problems.AddRange(File.Exists(project.Folder["later"]) ? ["the next step was run"] : []);
        if (Ending == Ending.Kill)
        {
            problems.AddRange(ExitCode == 137 ? [] : [$"exit code {ExitCode}"]);
        }
        else if (ExitCode == 0 && !(HasServer && Ending == Ending.Terminate))
        {
            // The server's client, which has none of our code, exits with 0 on SIGTERM by itself.
            problems.Add("exit code 0");
        }

        // A process that is killed cannot write; a server that its client has left can.
        if (Ending == Ending.Kill && !HasServer)
        {
            return;
        }

        SpinWait.SpinUntil(() => { Thread.Sleep(50); return project.State().Status != "running"; }, TimeSpan.FromSeconds(10));
        problems.AddRange(project.State().Status == "interrupted" ? [] : [$"state {project.State().Status}"]);
        problems.AddRange(project.Log().Contains("Performance Insights:") ? [] : ["no summary in the run's log"]);
        bool isHeard = Ending is Ending.Interrupt or Ending.InterruptGroup || (!HasServer && Ending is Ending.Terminate or Ending.Hangup);
        problems.AddRange(!isHeard || output.Contains("Performance Insights:") ? [] : [$"no summary:\n{output}"]);
    }
}
