using Kinetra.Build.Testing;

namespace Kinetra.Build.Package.Tests.Samples;

/// <summary>A copy of the master sample in a folder of its own, with the step program built once for all of them.</summary>
public sealed class SampleCopy : IDisposable
{
    private static readonly Lock Gate = new();
    private static bool s_isBuilt;

    private readonly TempFolder _folder = new();

    public SampleCopy()
    {
        lock (Gate)
        {
            if (!s_isBuilt)
            {
                DotNetResult result = DotNet.Run(Repository.Root, ["build", "samples/master/steps", "-v:q"]);
                s_isBuilt = result.ExitCode == 0 ? true : throw new InvalidOperationException(result.ToString());
            }
        }

        _folder.Write("samples/Sdk.props", $"""<Project><Import Project="{Repository.PathTo("build", "Sdk.props")}" /></Project>""");
        _folder.Write("samples/Sdk.targets", $"""<Project><Import Project="{Repository.PathTo("build", "Sdk.targets")}" /></Project>""");
        foreach (string file in Directory.EnumerateFiles(Repository.PathTo("samples", "master"), "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(Repository.PathTo("samples", "master"), file).Replace('\\', '/');
            if (!relative.StartsWith("data/", StringComparison.Ordinal) && !relative.StartsWith("logs/", StringComparison.Ordinal) && !relative.StartsWith('.'))
            {
                string target = Path.Combine(Root, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
                File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
            }
        }
    }

    /// <summary>The sample's folder.</summary>
    public string Root => _folder["samples/master"];

    /// <summary>A path in the sample.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Runs <c>dotnet build master.proj</c>.</summary>
    public DotNetResult Build(params string[] arguments) =>
        DotNet.Run(Root, ["build", "master.proj", .. arguments], new Dictionary<string, string?> { ["METAAPI_TOKEN"] = null, ["METAAPI_ACCOUNT_ID"] = null });

    /// <summary>The state of the last run.</summary>
    public RunState State() => RunState.Read(Directory.EnumerateFiles(this[".workflow_state"], "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Last());

    public void Dispose() => _folder.Dispose();
}
