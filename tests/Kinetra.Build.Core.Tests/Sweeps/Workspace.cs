using Kinetra.Build.Torture;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// A project folder for one run. In memory where that is possible: a kill does not lose what was written, so nothing depends
/// on the disk, and a flush costs nothing.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private const string Memory = "/dev/shm";

    private Workspace() => Root = Directory.CreateDirectory(Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"kinetra-sweep-{Guid.NewGuid():N}")).FullName;

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>What is in it.</summary>
    public Scene Scene => new(Root);

    /// <summary>A folder with nothing in it.</summary>
    public static Workspace Empty() => new();

    /// <summary>A folder in the state that an operation begins with.</summary>
    public static Workspace For(Operation operation)
    {
        Workspace made = new();
        operation.Prepare(made.Scene);
        return made;
    }

    /// <summary>A folder with the same content and the same modes.</summary>
    public Workspace Copy()
    {
        Workspace copy = new();
        CopyTo(Root, copy.Root);
        return copy;
    }

    /// <summary>The names of all files, relative, sorted.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(Root, file))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void CopyTo(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string directory in Directory.EnumerateDirectories(from))
        {
            string made = Path.Combine(to, Path.GetFileName(directory));
            Directory.CreateDirectory(made);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(made, File.GetUnixFileMode(directory));
            }

            CopyTo(directory, made);
        }
    }
}
