using System.Runtime.InteropServices;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed partial class FileLockTests : IDisposable
{
    private readonly TestProject _project = new();

    private string Lock => _project.Folder["a.lock"];

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Only_one_holds_it()
    {
        using (FileLock? held = FileLock.TryAcquire(Lock))
        {
            Assert.Null(FileLock.TryAcquire(Lock));
        }

        using FileLock? again = FileLock.TryAcquire(Lock);
        Assert.NotNull(again);
    }

    [Fact]
    public void It_is_free_at_once_though_a_child_that_is_being_started_still_has_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Children inherit files by fork only.");
        File.WriteAllText(Lock, "");
        using SafeFileHandle file = OperatingSystem.IsWindows() ? File.OpenHandle(Lock) : PosixFile.OpenReadWrite(Lock);
        using SafeFileHandle inherited = new(Duplicate((int)file.DangerousGetHandle()), ownsHandle: true);
        FileLock.Locked(file, handle => OperatingSystem.IsWindows() || PosixFile.TryLock(handle))!.Dispose();
        using FileLock? next = FileLock.TryAcquire(Lock);
        Assert.NotNull(next);
    }

    [Fact]
    public void The_lock_file_stays_and_is_private()
    {
        FileLock.TryAcquire(Lock)?.Dispose();
        Assert.True(File.Exists(Lock));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixMode.Private, File.GetUnixFileMode(Lock));
        }
    }

    [Fact]
    public void Threads_take_turns()
    {
        int inside = 0;
        int together = 0;
        int turns = 0;
        Concurrently.Run(4, _ =>
        {
            for (int i = 0; i < 50; i++)
            {
                using FileLock held = Locks.Acquire(_project.Path("."), "a.lock", TimeProvider.System);
                together = Math.Max(together, Interlocked.Increment(ref inside));
                turns++;
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(1, together);
        Assert.Equal(200, turns);
    }

    [Fact]
    public void The_file_is_closed_unless_it_is_locked()
    {
        using SafeFileHandle taken = File.OpenHandle(Lock, FileMode.OpenOrCreate);
        Assert.Null(FileLock.Locked(taken, _ => false));
        Assert.True(taken.IsClosed);

        using SafeFileHandle broken = File.OpenHandle(Lock);
        Assert.Throws<IOException>(() => FileLock.Locked(broken, _ => throw new IOException("No locks available")));
        Assert.True(broken.IsClosed);

        using SafeFileHandle free = File.OpenHandle(Lock);
        using FileLock? held = FileLock.Locked(free, _ => true);
        Assert.NotNull(held);
        Assert.False(free.IsClosed);
    }

    [Fact]
    public void Whoever_does_not_hold_it_can_read_the_file()
    {
        File.WriteAllText(Lock, "held by somebody");
        using FileLock? held = FileLock.TryAcquire(Lock);
        Assert.Equal("held by somebody"u8.ToArray(), NativeFile.ReadAll(Lock));
        Assert.Null(FileLock.TryAcquire(Lock));
    }

    [Fact]
    public void One_that_is_never_freed_is_a_coded_error_after_a_quarter_of_an_hour()
    {
        using FileLock? held = FileLock.TryAcquire(Lock);
        ClockThatRuns time = new(TimeSpan.FromMinutes(1));
        KinetraException error = _project.Fails(DiagnosticCodes.StateUnwritable, () => Locks.Acquire(_project.Path("."), "a.lock", time));
        Assert.Contains("a.lock has been held by another build for 15 minutes", error.Message);
        Assert.Equal(15, time.Reads - 1);
        Assert.Null(FileLock.TryAcquire(Lock));
    }

    [Fact]
    public void One_that_is_freed_in_time_is_waited_for()
    {
        FileLock? held = FileLock.TryAcquire(Lock);
        ClockThatRuns time = new(TimeSpan.FromMinutes(1), atRead: 5, held!.Dispose);
        using FileLock waited = Locks.Acquire(_project.Path("."), "a.lock", time);
        Assert.Null(FileLock.TryAcquire(Lock));
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_a_coded_error()
    {
        Directory.CreateDirectory(Lock);
        _project.Fails(DiagnosticCodes.StateUnwritable, () => Locks.Acquire(_project.Path("."), "a.lock", TimeProvider.System));
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int file);

    // Each look at it takes a while.
    private sealed class ClockThatRuns(TimeSpan step, int atRead = 0, Action? action = null) : TimeProvider
    {
        public int Reads { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            if (++Reads == atRead)
            {
                action?.Invoke();
            }

            return (Reads - 1) * step.Ticks;
        }
    }
}
