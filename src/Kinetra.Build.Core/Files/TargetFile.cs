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
    /// <param name="file">The file; it need not exist.</param>
    /// <param name="status">What it is now; null if there is none.</param>
    /// <returns>Its absolute path.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>, or <see cref="DiagnosticCodes.WriteFailed"/> if it cannot be looked at.</exception>
    public static string Resolve(FilePath file, out FileStatus? status)
    {
        try
        {
            return Find(file, out status);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.WriteFailed, $"{file} cannot be written, as it cannot be looked at: {Errno.Describe(error)}. It is unchanged. Check the rights of its directory.", error);
        }
    }

    private static string Find(FilePath file, out FileStatus? status)
    {
        string name = Path.GetFileName(file.Full);
        if (name.Length == 0 || IsReservedName(name))
        {
            throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} cannot be written: \"{name}\" is not a usable file name. Choose another name.");
        }

        status = NativeFile.Status(file.Full, follow: false);
        string path = file.Full;
        if (status is { Kind: FileKind.Link })
        {
            path = Final(file.Full) ?? throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a symbolic link that leads nowhere. Mend or remove the link.");
            status = NativeFile.Status(path, follow: false);
        }

        if (status is { } found)
        {
            Refuse(file, found.Kind);
        }

        return path;
    }

    /// <summary>Refuses a directory, device, pipe or socket. A missing file passes.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>, or <see cref="DiagnosticCodes.FileUnreadable"/> if it cannot be looked at.</exception>
    public static void RefuseUnlessRegular(FilePath file)
    {
        if (Status(file) is { } status)
        {
            Refuse(file, status.Kind);
        }
    }

    /// <summary>What a file is; null if there is nothing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="follow">Whether a link stands for what it points to.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>: it cannot be looked at, which is not the same as missing.</exception>
    public static FileStatus? Status(FilePath file, bool follow = true)
    {
        try
        {
            return NativeFile.Status(file.Full, follow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }
    }

    /// <summary>Refuses what is no regular file.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>.</exception>
    public static void Refuse(FilePath file, FileKind kind)
    {
        switch (kind)
        {
            case FileKind.Directory:
                throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a directory, not a file. Name a file.");
            case FileKind.Other:
                throw new KinetraException(DiagnosticCodes.UnusablePath, $"{file} is a device, pipe or socket, not a file. Name a regular file.");
        }
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
