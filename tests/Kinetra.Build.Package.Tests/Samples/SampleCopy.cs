using Kinetra.Build.Testing;

namespace Kinetra.Build.Package.Tests.Samples;

/// <summary>A copy of a sample in a folder of its own, for the master sample with its program built once for all of them.</summary>
public sealed class SampleCopy : IDisposable
{
    private static readonly Lock Gate = new();
    private static bool s_isBuilt;

    private readonly TempFolder _folder = new();
    private readonly string _project;

    /// <summary>Copies a sample.</summary>
    /// <param name="project">Its project, below <c>samples</c>.</param>
    public SampleCopy(string project = "master/master.proj")
    {
        (Root, _project) = (_folder[$"samples/{Path.GetDirectoryName(project)}"], Path.GetFileName(project));
        _folder.Write("samples/Sdk.props", $"""<Project><Import Project="{Repository.PathTo("build", "Sdk.props")}" /></Project>""");
        _folder.Write("samples/Sdk.targets", $"""<Project><Import Project="{Repository.PathTo("build", "Sdk.targets")}" /></Project>""");
        if (project.StartsWith("master/", StringComparison.Ordinal))
        {
            BuildSteps();
            Copy("master");
        }
        else
        {
            Copy("master/data-source");
            Copy(Path.GetDirectoryName(project)!, "bin", "obj");
        }
    }

    /// <summary>The sample's folder.</summary>
    public string Root { get; }

    /// <summary>A path in the sample.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Runs <c>dotnet build</c> with the sample's project.</summary>
    public DotNetResult Build(params string[] arguments) => BuildProject(_project, arguments);

    /// <summary>Runs <c>dotnet build</c> with another project of the sample.</summary>
    public DotNetResult BuildProject(string project, params string[] arguments) =>
        DotNet.Run(Root, ["build", project, .. arguments], new Dictionary<string, string?> { ["METAAPI_TOKEN"] = null, ["METAAPI_ACCOUNT_ID"] = null });

    /// <summary>The state of the last run.</summary>
    public RunState State() => RunState.Read(Directory.EnumerateFiles(this[".workflow_state"], "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Last());

    public void Dispose() => _folder.Dispose();

    private static void BuildSteps()
    {
        lock (Gate)
        {
            if (!s_isBuilt)
            {
                DotNetResult result = DotNet.Run(Repository.Root, ["build", "samples/master/steps", "-v:q"]);
                s_isBuilt = result.ExitCode == 0 ? true : throw new InvalidOperationException(result.ToString());
            }
        }
    }

    // Without what runs have left there.
    private void Copy(string folder, params string[] without)
    {
        string from = Repository.PathTo("samples", folder);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file).Replace('\\', '/');
            if (relative.StartsWith('.') || relative.Split('/').Intersect([.. without, "data", "logs", "published"]).Any())
            {
                continue;
            }

            string target = _folder[$"samples/{folder}/{relative}"];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }
    }
}
