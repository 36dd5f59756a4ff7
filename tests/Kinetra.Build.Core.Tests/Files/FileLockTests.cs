using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TestProject _project = new();

    private string Lock => _project.Folder["a.lock"];

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Only_one_holds_it()
    {
        using (FileLock held = FileLock.Acquire(Lock))
        {
            Assert.Null(FileLock.TryAcquire(Lock));
        }

        using FileLock? again = FileLock.TryAcquire(Lock);
        Assert.NotNull(again);
    }

    [Fact]
    public void The_lock_file_stays_and_is_private()
    {
        FileLock.Acquire(Lock).Dispose();
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
                using FileLock held = FileLock.Acquire(Lock);
                together = Math.Max(together, Interlocked.Increment(ref inside));
                turns++;
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(1, together);
        Assert.Equal(200, turns);
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_a_coded_error()
    {
        Directory.CreateDirectory(Lock);
        _project.Fails(DiagnosticCodes.StateUnwritable, () => Locks.Acquire(_project.Path("."), "a.lock"));
    }
}
