using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Graphs;

/// <summary>The files that the steps of a graph say they make.</summary>
internal sealed class DeclaredOutputs
{
    private readonly string _projectDirectory;
    private readonly DeclaredFiles _files;

    /// <summary>Gathers them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="projectDirectory">What paths are relative to, absolute.</param>
    public DeclaredOutputs(StepGraph graph, string projectDirectory)
    {
        _projectDirectory = projectDirectory;
        _files = new DeclaredFiles(graph.Steps.SelectMany((step, i) => step.Outputs.Select(output => Declared(i, output))));
    }

    /// <summary>Whether some step declares a file as its output.</summary>
    /// <param name="path">The file, as a fingerprint names it.</param>
    public bool Has(string path)
    {
        List<DeclaredFile> found = [];
        _files.AddOverlapping(Declared(-1, path), found);
        return found.Count > 0;
    }

    private DeclaredFile Declared(int step, string written) =>
        new(step, written, FilePattern.Parse(_projectDirectory, written), ProjectPath.Comparison == StringComparison.OrdinalIgnoreCase);
}
