using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

public sealed class SystemCallTests
{
    [Fact]
    public void A_call_is_read_with_its_paths_and_its_result()
    {
        SystemCall call = Assert.Single(SystemCall.Parse(["7 openat(AT_FDCWD</>, \"/w/a b.tmp\", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3</w/a b.tmp>"]));
        Assert.Equal((7, "openat", "3</w/a b.tmp>", 1), (call.Thread, call.Name, call.Result, call.Ordinal));
        Assert.Equal(["/", "/w/a b.tmp"], call.Paths());
        Assert.Equal("O_RDWR|O_CREAT|O_CLOEXEC", call.Flags());
        Assert.True(call.Succeeded && call.Changes && call.OpensForWriting);
        Assert.True(call.Touches("/w"));
        Assert.False(call.Touches("/w/a"));
    }

    [Fact]
    public void A_call_that_another_thread_interrupts_is_put_together_again()
    {
        IReadOnlyList<SystemCall> calls = SystemCall.Parse(
        [
            "7 rename(\"/w/a\", \"/w/b\" <unfinished ...>",
            "8 fsync(4</w/c>) = 0",
            "7 <... rename resumed>)             = -1 EIO (Input/output error) (INJECTED)",
        ]);
        Assert.Equal(["fsync", "rename"], calls.Select(call => call.Name));
        Assert.Equal(["/w/a", "/w/b"], calls[1].Paths());
        Assert.True(calls[1].Injected);
        Assert.False(calls[1].Succeeded);
    }

    [Fact]
    public void A_call_that_never_returned_is_there_too()
    {
        IReadOnlyList<SystemCall> calls = SystemCall.Parse(["7 fsync(4</w/c> <unfinished ...>", "8 +++ killed by SIGKILL +++", "7 <... fsync resumed>) = ?", "9 fsync(4</w/d> <unfinished ...>"]);
        Assert.Equal(["?", "?"], calls.Select(call => call.Result));
        Assert.Equal(["/w/c", "/w/d"], calls.Select(call => call.Paths()[0]));
    }

    [Fact]
    public void Calls_are_counted_by_thread_and_name()
    {
        IReadOnlyList<SystemCall> calls = SystemCall.Parse(["7 close(1) = 0", "8 close(1) = 0", "7 fsync(1) = 0", "7 close(2) = 0"]);
        Assert.Equal([1, 1, 1, 2], calls.Select(call => call.Ordinal));
    }

    [Fact]
    public void A_description_has_nothing_random_in_it()
    {
        SystemCall call = Assert.Single(SystemCall.Parse(["7 renameat2(AT_FDCWD</>, \"/w/c/.kinetra-0123456789abcdef0123456789abcdef.tmp\", AT_FDCWD</>, \"/w/c/x\", RENAME_NOREPLACE) = 0"]));
        Assert.Equal("renameat2 c/.kinetra-*.tmp → c/x", call.Describe("/w"));
    }

    [Fact]
    public void What_is_written_is_not_taken_for_a_path()
    {
        SystemCall call = Assert.Single(SystemCall.Parse(["7 pwrite64(4</w/c>, \"a = b) = 1\\n/w/d\", 12, 0) = 12"]));
        Assert.Equal(["/w/c"], call.Paths());
        Assert.Equal("12", call.Result);
    }
}
