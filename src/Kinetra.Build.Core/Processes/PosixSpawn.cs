using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Starts a program by posix_spawn, in a session of its own: a Ctrl-C at the terminal then reaches the build alone, which
/// tells its steps in order, and the session's processes can be signalled as a group. .NET's Process cannot do that.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class PosixSpawn
{
    private const short SetDefaultSignals = 4;
    private const short SetSignalMask = 8;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    // <spawn.h>: glibc and musl 0x80, macOS 0x400.
    private static readonly short SetSession = (short)(OperatingSystem.IsMacOS() ? 0x400 : 0x80);

    // Only macOS has it, and needs it: without pipe2 a descriptor is open for a moment before it is marked, and another thread may start a program then.
    private static readonly int CloseOnExecByDefault = OperatingSystem.IsMacOS() ? 0x4000 : 0;

    // The structures are opaque; the largest known is 336 bytes (glibc's attributes).
    private const int OpaqueSize = 1024;

    private static readonly byte* Attributes = CreateAttributes();

    /// <summary>Starts a program.</summary>
    /// <param name="program">The absolute path of the program.</param>
    /// <param name="arguments">Its name and its arguments.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="input">The descriptor of its input; null: at end of file.</param>
    /// <param name="output">The descriptor for its output and errors; null: dropped.</param>
    /// <param name="pid">The process id, which is the session's and the group's id too.</param>
    /// <param name="third">The descriptor that becomes its descriptor 3; null: none.</param>
    /// <returns>0 or an error number.</returns>
    public static int Start(
        string program,
        IReadOnlyList<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        int? input,
        int? output,
        out int pid,
        int? third = null)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        posix_spawn_file_actions_init(actions);
        using StringVector argv = StringVector.Of(arguments);
        using StringVector envp = StringVector.Of(environment);
        try
        {
            Attach(actions, 0, input, ReadOnly);
            Attach(actions, 1, output, WriteOnly);
            Attach(actions, 2, output, WriteOnly);
            if (third is { } open)
            {
                posix_spawn_file_actions_adddup2(actions, open, 3);
            }

            posix_spawn_file_actions_addchdir_np(actions, directory);
            return posix_spawn(out pid, program, actions, Attributes, argv.Pointer, envp.Pointer);
        }
        finally
        {
            posix_spawn_file_actions_destroy(actions);

            // The environment points into the lower layer of the variables.
            GC.KeepAlive(environment);
        }
    }

    // The same for all, so made once.
    private static byte* CreateAttributes()
    {
        byte* attributes = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        byte* signals = stackalloc byte[128];
        posix_spawnattr_init(attributes);
        sigemptyset(signals);
        posix_spawnattr_setsigmask(attributes, signals);

        // .NET ignores SIGPIPE, a build under nohup SIGHUP, one in the background SIGINT: a step starts with none of that.
        for (int signal = 1; signal < 32; signal++)
        {
            sigaddset(signals, signal);
        }

        posix_spawnattr_setsigdefault(attributes, signals);
        posix_spawnattr_setflags(attributes, (short)(SetDefaultSignals | SetSignalMask | (ushort)SetSession | CloseOnExecByDefault));
        return attributes;
    }

    private static void Attach(byte* actions, int descriptor, int? source, int flags)
    {
        if (source is { } open)
        {
            posix_spawn_file_actions_adddup2(actions, open, descriptor);
        }
        else
        {
            posix_spawn_file_actions_addopen(actions, descriptor, "/dev/null", flags, 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigaddset(byte* signals, int signal);
}
