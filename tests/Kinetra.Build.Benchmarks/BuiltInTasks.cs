using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.Build.Framework;
using Microsoft.Build.Locator;
using Microsoft.Build.Tasks;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Benchmarks;

/// <summary>
/// The tasks that MSBuild has for the same purpose, called in this process without an engine around them: what they cost by
/// themselves, which is the least that they cost in a build.
/// </summary>
internal static class BuiltInTasks
{
    // Before any type of Microsoft.Build is touched, or the wrong assembly is looked for.
    [ModuleInitializer]
    internal static void Register() => MSBuildLocator.RegisterDefaults();

    /// <summary><c>WriteLinesToFile Overwrite="true"</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">Its only line, without its end.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteLines(string path, string line) => Execute(new WriteLinesToFile
    {
        File = new TaskItem(path),
        Lines = [new TaskItem(line)],
        Overwrite = true,
    });

    /// <summary><c>GetFileHash Algorithm="SHA256"</c>.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>Their digests, as the task gives them.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IReadOnlyList<string> Hash(IReadOnlyList<string> paths)
    {
        GetFileHash task = new() { Files = [.. paths.Select(path => new TaskItem(path))], Algorithm = "SHA256" };
        Execute(task);
        return [.. task.Items.Select(item => item.GetMetadata("FileHash"))];
    }

    private static void Execute(ITask task)
    {
        task.BuildEngine = new Engine();
        if (!task.Execute())
        {
            throw new InvalidOperationException($"{task.GetType().Name} failed.");
        }
    }

    /// <summary>As much of an engine as these tasks ask for.</summary>
    private sealed class Engine : IBuildEngine
    {
        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "";

        public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => false;

        public void LogCustomEvent(CustomBuildEventArgs e)
        {
        }

        public void LogErrorEvent(BuildErrorEventArgs e) => Console.Error.WriteLine(e.Message);

        public void LogMessageEvent(BuildMessageEventArgs e)
        {
        }

        public void LogWarningEvent(BuildWarningEventArgs e) => Console.Error.WriteLine(e.Message);
    }
}
