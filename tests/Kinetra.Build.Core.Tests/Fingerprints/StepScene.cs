using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Tests.Fingerprints;

/// <summary>A project with a step of every kind of component, and what is needed to take its fingerprint.</summary>
internal sealed class StepScene : IDisposable
{
    public StepScene()
    {
        Project = new TestProject();
        Write("data/raw.csv", "1;2");
        Write("data/deep/more.csv", "3");
        Write("config.json", "{}");
        Write("steps/a.sh", "echo a");
        Write("steps/b.sh", "echo b");
        Write("bin/gcc", "compiler");
        Step = new StepIdentity
        {
            Workflow = "master",
            Step = "Prepare",
            Work = StepWork.Command("sh steps/a.sh --config=config.json > out.csv"),
            ProjectDirectory = Project.Folder.Root,
            WorkingDirectory = new FilePath(Project.Folder.Root, "."),
            Variables = new Dictionary<string, string> { ["MODE"] = "fast" },
            Secrets = new Dictionary<string, string> { ["TOKEN"] = "hunter2hunter2" },
            Inputs = ["data"],
            Outputs = ["out.csv"],
            Tools = ["gcc", "dotnet --version"],
            Salt = "1",
        };
    }

    public TestProject Project { get; }

    public StepIdentity Step { get; init; }

    public Tools Toolbox { get; } = new();

    public string Platform { get; set; } = "linux-x64";

    public FilePath StateDirectory => Project.Path(TestProject.State);

    public void Write(string relative, string content) => Project.Write(relative, content);

    public void Remove(string relative) => File.Delete(Project.Folder[relative]);

    public Fingerprinter Fingerprinter(StepIdentity step)
    {
        Toolbox.Bin = Project.Folder["bin"];
        return new Fingerprinter(
            new DigestCache(null, Project.Time),
            FingerprintKey.In(StateDirectory),
            text => step.Secrets.Values.Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal)),
            Toolbox)
        {
            Platform = Platform,
        };
    }

    public Fingerprint Take(StepIdentity? step = null) => Fingerprinter(step ?? Step).Compute(step ?? Step);

    public void Dispose() => Project.Dispose();

    /// <summary>Programs in a directory, and answers that a test may change.</summary>
    public sealed class Tools : ITools
    {
        public string Bin { get; set; } = "";

        public string? Answer { get; set; } = "10.0.100\n";

        public string? Find(string program) => File.Exists(Path.Combine(Bin, program)) ? Path.Combine(Bin, program) : null;

        public string? Ask(string commandLine) => Answer;
    }
}
