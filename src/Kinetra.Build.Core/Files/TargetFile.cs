namespace Kinetra.Build.Core.Files;

/// <summary>Finds the file that a path stands for, and refuses what cannot be one.</summary>
internal static class TargetFile
{
    // Windows opens these names as devices, whatever their extension. They are refused everywhere, as projects move.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>Whether Windows reserves this file name.</summary>
    public static bool IsReservedName(string name) => Reserved.Contains(name.Split('.')[0].TrimEnd());

    /// <summary>
    /// The file that a write replaces: the path itself or, for a symbolic link, what it points to, so that the link stays.
    /// </summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>.</exception>
    public static string Resolve(FilePath file)
    {
        string name = Path.GetFileName(file.Full);
        if (name.Length == 0 || IsReservedName(name))
        {
            throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} cannot be written: \"{name}\" is not a usable file name. Choose another name.");
        }

        if (new FileInfo(file.Full).LinkTarget is null)
        {
            return Refuse(file, file.Full);
        }

        return Final(file.Full) is { } target
            ? Refuse(file, target)
            : throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a symbolic link that leads nowhere. Mend or remove the link.");
    }

    /// <summary>Refuses a directory, device, pipe or socket. A missing file passes.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>.</exception>
    public static void RefuseUnlessRegular(FilePath file) => Refuse(file, file.Full);

    private static string Refuse(FilePath file, string path)
    {
        if (Directory.Exists(path))
        {
            throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a directory, not a file. Name a file.");
        }

        // .NET calls a device, a pipe and a socket a normal file; opening a pipe would wait for ever.
        if (!OperatingSystem.IsWindows() && PosixFile.Stat(path) is { IsRegular: false })
        {
            throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a device, pipe or socket, not a file. Name a regular file.");
        }

        return path;
    }

    // .NET follows a link by its text, where ".." in a linked directory leads elsewhere than the system goes.
    private static string? Final(string link)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixFile.RealPath(link);
        }

        try
        {
            return new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? target.FullName : null;
        }
        catch (IOException)
        {
            // A circle of links.
            return null;
        }
    }
}
