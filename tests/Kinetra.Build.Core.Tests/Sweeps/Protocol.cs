using System.Text.RegularExpressions;
using Kinetra.Build.Torture;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// Follows the log of one run and says what would be lost in a power cut. A kill cannot show that: the kernel writes
/// everything later, whether it was flushed or not. The model: a write, mode or owner is durable after an fsync of the file;
/// a name (created, renamed, linked, a directory made) after an fsync of the directory that it is in.
/// </summary>
internal sealed partial class Protocol
{
    private readonly string _root;
    private readonly string _target;
    private readonly Operation _operation;
    private readonly string _announced;
    private readonly HashSet<string> _existing;
    private readonly HashSet<string> _unflushed = [];
    private readonly HashSet<string> _unflushedNames = [];
    private readonly HashSet<string> _announcements = [];
    private readonly List<string> _violations = [];

    private Protocol(Recording recording)
    {
        (_operation, _root) = (recording.Operation, recording.Root);
        _target = Path.Combine(_root, Scene.TargetName);
        _existing = [.. recording.Existing];
        _announced = TestProject.Sha256(_operation.New);
    }

    /// <summary>What is wrong with the order of an operation's calls.</summary>
    /// <param name="recording">A run of it.</param>
    public static IReadOnlyList<string> Violations(Recording recording)
    {
        Protocol protocol = new(recording);
        bool saidOk = false;
        foreach (SystemCall call in recording.Run.Calls)
        {
            // What is done after it has said "ok" comes too late.
            if (call.Name == "write" && call.Arguments.EndsWith("\"ok\\n\", 3", StringComparison.Ordinal))
            {
                saidOk = true;
                protocol.HasSaidOk();
            }
            else if (call.Succeeded && call.Touches(recording.Root))
            {
                protocol.Follow(call);
            }
        }

        return [.. protocol._violations, .. FlushesAfterFailure(recording.Run.Calls), .. saidOk ? (string[])[] : ["its \"ok\" is not in the log"]];
    }

    /// <summary>Flushes of what could not be flushed before: they report success, with the data gone.</summary>
    public static IReadOnlyList<string> FlushesAfterFailure(IEnumerable<SystemCall> calls)
    {
        HashSet<string> failed = [];
        List<string> repeated = [];
        foreach (SystemCall call in calls.Where(call => call.Flushes))
        {
            if (failed.Contains(call.Paths()[0]))
            {
                repeated.Add($"{SystemCall.Anonymous(Path.GetFileName(call.Paths()[0]))} is flushed again after a flush failed");
            }

            if (!call.Succeeded && !call.Result.Contains("EINTR", StringComparison.Ordinal))
            {
                failed.Add(call.Paths()[0]);
            }
        }

        return repeated;
    }

    private void Follow(SystemCall call)
    {
        IReadOnlyList<string> paths = call.Paths();
        switch (call.Name)
        {
            case "open" or "openat" or "creat" when call.OpensForWriting:
                Opened(call, paths.Last(path => path.StartsWith(_root, StringComparison.Ordinal)));
                break;
            case "rename" or "renameat" or "renameat2":
                string[] names = [.. paths.Where(path => path.StartsWith(_root, StringComparison.Ordinal))];
                Renamed(names[0], names[1]);
                break;
            case "link" or "linkat":
                Named(paths[^1]);
                break;
            case "mkdir" or "mkdirat":
                Named(paths[^1]);
                break;
            case "unlink" or "unlinkat" or "rmdir":
                Gone(paths[^1]);
                break;
            case "fsync" or "fdatasync":
                Flushed(paths[0]);
                break;
            case "utimensat" or "ioctl":
                break;
            default:
                if (call.Writes)
                {
                    Written(call, call.Name == "copy_file_range" ? paths[^1] : paths[0]);
                }

                break;
        }
    }

    private void Opened(SystemCall call, string path)
    {
        string flags = call.Flags();
        if (path == _target)
        {
            Wrong($"{Name(path)} is written in its place");
        }

        if (!flags.Contains("O_CREAT", StringComparison.Ordinal))
        {
            return;
        }

        if (!_existing.Contains(path))
        {
            Named(path);
        }

        if (flags.Contains("O_TRUNC", StringComparison.Ordinal))
        {
            _unflushed.Add(path);
        }

        if (IsTemporary(path))
        {
            foreach (string flag in (string[])["O_EXCL", "O_NOFOLLOW", "O_CLOEXEC"])
            {
                if (!flags.Contains(flag, StringComparison.Ordinal))
                {
                    Wrong($"{Name(path)} is opened without {flag}");
                }
            }

            if (!call.Arguments.Contains(", 0600", StringComparison.Ordinal))
            {
                Wrong($"{Name(path)} is created with another mode than 0600");
            }
        }
    }

    private void Written(SystemCall call, string path)
    {
        _unflushed.Add(path);
        if (path.StartsWith(Path.Combine(_root, Scene.StateName), StringComparison.Ordinal) && call.Arguments.Contains(_announced, StringComparison.OrdinalIgnoreCase))
        {
            _announcements.Add(path);
        }
    }

    private void Flushed(string path)
    {
        _unflushed.Remove(path);
        _unflushedNames.RemoveWhere(name => Path.GetDirectoryName(name) == path);
    }

    private void Renamed(string from, string to)
    {
        // The one rename that need not be durable: a power cut undoes it, and either name says the same.
        if (from == to + ".pending" && !_unflushed.Contains(from) && !_unflushedNames.Contains(from))
        {
            Move(_announcements, from, to);
            Move(_existing, from, to);
            return;
        }

        if (!IsTemporary(from))
        {
            Wrong($"{Name(from)} becomes {Name(to)}, and has not the name of a temporary file");
        }

        if (_unflushed.Contains(from))
        {
            Wrong($"{Name(to)} gets its name before its content is flushed");
        }

        if (to == _target)
        {
            TargetIsReplaced(from);
        }

        Move(_unflushed, from, to);
        Move(_announcements, from, to);
        _existing.Remove(from);
        _unflushedNames.Remove(from);
        Named(to);
    }

    // Nothing that the new content relies on may be lost while the new content is not.
    private void TargetIsReplaced(string from)
    {
        foreach (string path in _unflushed.Concat(_unflushedNames).Distinct().Where(path => path != from && !IsAllowed(path)))
        {
            Wrong($"{Name(_target)} is replaced before {Name(path)} is durable");
        }

        if (_operation.Checksum && !_announcements.Any(path => !IsTemporary(path)))
        {
            Wrong($"{Name(_target)} is replaced before its new checksum is announced");
        }
    }

    private void HasSaidOk()
    {
        foreach (string path in _unflushed.Where(path => !IsAllowed(path)))
        {
            Wrong($"it says ok before the content of {Name(path)} is durable");
        }

        foreach (string path in _unflushedNames.Where(path => !IsAllowed(path)))
        {
            Wrong($"it says ok before the name {Name(path)} is durable");
        }
    }

    private void Named(string path)
    {
        _existing.Add(path);
        _unflushedNames.Add(path);
    }

    private void Gone(string path)
    {
        _existing.Remove(path);
        _unflushed.Remove(path);
        _unflushedNames.Remove(path);
        _announcements.Remove(path);
    }

    // A lock file has no content, and is made again if it is gone.
    private static bool IsAllowed(string path) => path.EndsWith(".lock", StringComparison.Ordinal);

    private static bool IsTemporary(string path) => TemporaryName().IsMatch(Path.GetFileName(path));

    private static void Move(HashSet<string> set, string from, string to)
    {
        set.Remove(to);
        if (set.Remove(from))
        {
            set.Add(to);
        }
    }

    private void Wrong(string text) => _violations.Add(text);

    private string Name(string path) => SystemCall.Anonymous(Path.GetRelativePath(_root, path));

    [GeneratedRegex(@"^\.kinetra-[0-9a-f]{32}\.tmp$")]
    private static partial Regex TemporaryName();
}
