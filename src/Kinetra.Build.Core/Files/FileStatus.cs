namespace Kinetra.Build.Core.Files;

/// <summary>What kind of thing a path stands for.</summary>
internal enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, where links are not followed.</summary>
    Link,

    /// <summary>A device, pipe or socket.</summary>
    Other,
}

/// <summary>What a path or an open file is, as one call of the system tells it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Mode">The permissions; all of them on Windows.</param>
/// <param name="User">The owner's user id; 0 on Windows.</param>
/// <param name="Group">The group's id; 0 on Windows.</param>
/// <param name="Links">How many names the file has; 0 once the last one is removed.</param>
/// <param name="Device">The file system that it is on; 0 on Windows.</param>
/// <param name="Inode">Its number there; 0 on Windows.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When the content was changed last, in nanoseconds (Windows: 100 ns) since some fixed time.</param>
/// <param name="Changed">When content or attributes were changed last, in the same unit; 0 on Windows.</param>
internal readonly record struct FileStatus(
    FileKind Kind, UnixFileMode Mode, uint User, uint Group, uint Links, ulong Device, ulong Inode, long Size, long Modified, long Changed)
{
    /// <summary>Whether anybody but owner and group may write to it (and it is not sticky, as /tmp is).</summary>
    public bool IsWritableByOthers => (Mode & UnixFileMode.OtherWrite) != 0 && (Mode & UnixFileMode.StickyBit) == 0;

    /// <summary>A time in the unit of <see cref="Modified"/>.</summary>
    /// <param name="time">The time.</param>
    public static long Timestamp(DateTimeOffset time) =>
        OperatingSystem.IsWindows() ? time.UtcTicks : (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Whether this is still the same version of the same file: not replaced, and nothing written to it.</summary>
    public bool IsSameVersion(FileStatus other) =>
        (Device, Inode, Size, Modified, Changed) == (other.Device, other.Inode, other.Size, other.Modified, other.Changed);
}
