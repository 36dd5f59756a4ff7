using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class ProcessRunnerTests : IDisposable
{
    private readonly ProcessRun _run = new();

    public ProcessRunnerTests() => Platform.RequireUnix();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Output_and_errors_come_in_the_order_in_which_they_were_written()
    {
        _run.Shell("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done");
        Assert.Equal(Enumerable.Range(1, 5).SelectMany(i => new[] { $"out {i}", $"err {i}" }), _run.Lines);
        Assert.Equal(string.Concat(_run.Lines.Select(line => line + "\n")), _run.Text);
        Assert.Equal(_run.Lines, _run.Tail);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 42", 42)]
    [InlineData("exit 255", 255)]
    [InlineData("exit 127", 127)]
    [InlineData("./missing-program", 127)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    [InlineData("kill -1 $$", 129)]
    [InlineData("kill -6 $$", 134)]
    [InlineData("kill -13 $$", 141)]
    public void The_exit_code_is_the_shells(string line, int code) =>
        Assert.Equal(new ProcessResult(ProcessEnd.Exited, code, OutputHeld: false), _run.Shell(line));

    [Fact]
    public void Stdin_is_at_its_end()
    {
        Assert.Equal(0, _run.Shell("cat; read x || echo end").ExitCode);
        Assert.Equal(["end"], _run.Lines);
    }

    [Fact]
    public void Arguments_reach_the_program_verbatim()
    {
        string[] arguments = ["two words", "", "\"'`$HOME\\", "*", "?[a]", "ü数𝒳", "line\nbreak", "-n", ";|&", " "];
        _run.Run(["printf", "<%s>\\n", .. arguments]);
        Assert.Equal(string.Concat(arguments.Select(argument => $"<{argument}>\n")), _run.Text);
    }

    [Fact]
    public void The_first_argument_is_the_name_that_the_program_is_called_by()
    {
        _run.Run(["sh", "-c", "echo $0"]);
        Assert.Equal(["sh"], _run.Lines);
    }

    [Fact]
    public void The_working_directory_is_the_one_given()
    {
        _run.Shell("pwd -P");
        Assert.Equal([_run.Folder.Root], _run.Lines);
    }

    [Fact]
    public void The_environment_is_the_one_given_and_nothing_else()
    {
        Environment.SetEnvironmentVariable("KINETRA_TEST_LEAK", "1");
        _run.Run(["env"]);
        Assert.Contains("LANG=C.UTF-8", _run.Lines);
        Assert.Equal(3, _run.Lines.Count(line => !line.StartsWith("_=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("no-such-program-anywhere")]
    [InlineData("./missing")]
    [InlineData("/missing/program")]
    [InlineData("")]
    [InlineData(".")]
    public void A_program_that_is_not_found_cannot_be_started(string program)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => _run.Run([program]));
        Assert.Equal(DiagnosticCodes.CannotStart, error.Code);
        Assert.Contains($"\"{program}\"", error.Message);
    }

    [Fact]
    public void Arguments_that_are_too_long_for_the_system_are_said_to_be()
    {
        Platform.RequireUnix();
        KinetraException error = Assert.Throws<KinetraException>(() => _run.Run(["/bin/echo", new string('x', 8_000_000)]));
        Assert.Equal(DiagnosticCodes.CannotStart, error.Code);
        Assert.Contains("too long for this system", error.Message);
    }

    [Fact]
    public void A_file_that_is_not_executable_or_no_program_cannot_be_started()
    {
        string plain = _run.Folder.Write("plain.sh", "#!/bin/sh\n");
        Assert.Equal(DiagnosticCodes.CannotStart, Assert.Throws<KinetraException>(() => _run.Run([plain])).Code);

        string garbage = _run.Folder.Write("garbage", "\u0001\u0002\u0003");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(garbage, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(DiagnosticCodes.CannotStart, Assert.Throws<KinetraException>(() => _run.Run([garbage])).Code);
    }

    [Fact]
    public void A_script_is_found_relative_to_the_working_directory()
    {
        string script = _run.Folder.Write("bin/hello", "#!/bin/sh\necho hello $1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        _run.Run(["bin/hello", "you"]);
        Assert.Equal(["hello you"], _run.Lines);
    }

    [Fact]
    public void A_step_has_a_session_of_its_own()
    {
        Platform.RequireLinux();
        _run.Shell("cat /proc/self/stat; cat /proc/$$/stat");
        string[] child = Fields(_run.Lines[0]);
        string[] shell = Fields(_run.Lines[1]);
        string pid = _run.Lines[1].Split(' ')[0];
        Assert.Equal(pid, shell[3]);
        Assert.Equal(pid, shell[2]);
        Assert.Equal(pid, child[3]);
        Assert.NotEqual(Fields(File.ReadAllText("/proc/self/stat"))[3], shell[3]);
    }

    [Fact]
    public void A_step_starts_with_no_signal_ignored_or_blocked()
    {
        Platform.RequireLinux();
        _run.Run(["grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"]);
        Assert.Equal(2, _run.Lines.Count);

        // Signals 1 to 31; 32 and 33 are the C library's own.
        Assert.All(_run.Lines, line => Assert.Equal(0, Convert.ToInt64(line.Split('\t')[1], 16) & 0x7fffffff));
    }

    [Fact]
    public void A_program_whose_reader_has_gone_ends_by_itself()
    {
        // With SIGPIPE ignored, as .NET does, yes would go on or complain.
        Assert.Equal(0, _run.Shell("yes | head -n 1").ExitCode);
        Assert.Equal(["y"], _run.Lines);
    }

    [Fact]
    public void No_descriptor_of_the_build_reaches_a_step()
    {
        Platform.RequireLinux();
        using FileStream open = new(_run.Folder.Write("open.txt", ""), FileMode.Open);
        _run.Run(["ls", "-l", "/proc/self/fd"]);

        // What the build itself was given, by a shell or a make, is passed on; what it opened is not, other steps' pipes least of all.
        Assert.Contains(_run.Lines, line => line.EndsWith("0 -> /dev/null", StringComparison.Ordinal));
        Assert.DoesNotContain(_run.Lines, line => line.Contains("open.txt"));
        string pipe = Assert.Single(_run.Lines, line => line.Contains(" 1 -> pipe:")).Split("-> ")[1];
        Assert.Equal(2, _run.Lines.Count(line => line.EndsWith(pipe, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_last_line_without_an_end_is_there()
    {
        _run.Shell("printf 'a\\nb'");
        Assert.Equal(["a", "b"], _run.Lines);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_in_the_log()
    {
        using MemoryStream log = new();
        _run.Run(["printf", "a\\377\\303b\\000\\n"], log: log);
        Assert.Equal([(byte)'a', 0xFF, 0xC3, (byte)'b', 0, (byte)'\n'], log.ToArray());
        Assert.Equal(["a\ufffd\ufffdb"], _run.Lines);
    }

    [Fact]
    public void Three_hundred_megabytes_of_output_take_no_memory()
    {
        using Counter log = new();

        // The output is taken by the calling thread; other tests allocate at the same time.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(0, _run.Run(["head", "-c", "300000000", "/dev/zero"], log: log).ExitCode);
        Assert.Equal(300_000_000, log.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        Assert.Single(_run.Lines);
    }

    [Fact]
    public void What_a_program_took_includes_the_children_that_it_has_waited_for()
    {
        _run.Shell("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'; exit 0");
        Assert.InRange(_run.Usage.Cpu!.Value, TimeSpan.FromMilliseconds(10), _run.Elapsed * Environment.ProcessorCount);

        // A program that has less memory than this process says nothing of its own; one that has more does.
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        long more = self.PeakWorkingSet64 + (400L << 20);
        _run.Run(["dd", "if=/dev/zero", "of=/dev/null", $"bs={more}", "count=1"]);
        Assert.InRange(_run.Usage.PeakMemory!.Value, more, 2 * more);
    }

    [Fact]
    public void A_listener_that_fails_takes_the_program_with_it()
    {
        StepOutput output = new(Stream.Null, [], _ => throw new InvalidOperationException("enough"));
        ProcessSpec spec = new(ProcessSpec.Shell("echo $$ > a; echo line; exec sleep 600"), _run.Folder.Root, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, _run.Mark);
        Assert.Throws<InvalidOperationException>(() => new ProcessRunner(TimeProvider.System).Run(spec, output, new ProcessLimits(null, TimeSpan.Zero), CancellationToken.None));
        Assert.False(ProcessRun.IsAlive(_run.PidIn("a")));
    }

    [Fact]
    public void Many_programs_run_at_the_same_time()
    {
        Concurrently.Run(4, thread =>
        {
            using ProcessRun run = new();
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(thread, run.Shell($"echo {thread}.{i}; exit {thread}").ExitCode);
            }

            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{thread}.{i}"), run.Lines);
        });
    }

    private static string[] Fields(string status) => status[(status.LastIndexOf(')') + 2)..].Split(' ');

    // 300 MB of zeros are one line; what counts is that they are not kept.
    private sealed class Counter : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }
}
