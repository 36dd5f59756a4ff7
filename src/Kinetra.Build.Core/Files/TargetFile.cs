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

        FileInfo info = new(file.Full);
        if (info.LinkTarget is not null)
        {
            try
            {
                return Refuse(file, info.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
            }
            catch (IOException error)
            {
                throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a symbolic link that leads nowhere: {Errno.Describe(error)}. Mend or remove the link.", error);
            }
        }

        return Refuse(file, file.Full);
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
}
