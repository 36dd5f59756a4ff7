using System.Diagnostics;
using System.Text;
using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class StepOutputTests
{
    [Fact]
    public void A_log_that_cannot_be_written_ends_the_program_at_once()
    {
        Platform.RequireUnix();
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        StepOutput output = new(full, [], null);
        ProcessSpec spec = new(["/bin/sh", "-c", "echo x; sleep 60"], "/", new Dictionary<string, string>(), "no-such-mark-" + Guid.NewGuid());
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Throws<IOException>(() => new ProcessRunner(TimeProvider.System).Run(spec, output, new ProcessLimits(null, TimeSpan.FromSeconds(5)), CancellationToken.None));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    private readonly MemoryStream _log = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Log_lines_and_tail_are_masked()
    {
        StepOutput output = Create("s3cret");
        Write(output, "a s3c", "ret\r\nb\n");
        output.Complete();
        Assert.Equal("a ***\r\nb\n", Encoding.UTF8.GetString(_log.ToArray()));
        Assert.Equal(["a ***", "b"], _lines);
        Assert.Equal(["a ***", "b"], output.Tail);
    }

    [Fact]
    public void A_secret_that_only_the_cleaned_line_has_is_masked_too()
    {
        StepOutput output = Create("s3cret");
        Write(output, "s3c\u001b[0mret\n");
        output.Complete();
        Assert.DoesNotContain("s3cret", Assert.Single(_lines));
        Assert.DoesNotContain("s3cret", Assert.Single(output.Tail));
    }

    [Fact]
    public void The_log_has_the_bytes_as_they_came()
    {
        byte[] bytes = [0x1b, (byte)'[', (byte)'1', (byte)'m', 0xff, 0, (byte)'\r', (byte)'\n', 0xc3];
        StepOutput output = Create();
        output.Open().Write(bytes);
        output.Complete();
        Assert.Equal(bytes, _log.ToArray());
    }

    [Fact]
    public void The_tail_has_the_last_lines_that_say_something()
    {
        StepOutput output = Create();
        Write(output, string.Concat(Enumerable.Range(1, 100).Select(i => $"{i}\n\n")) + "end");
        output.Complete();
        Assert.Equal(12, output.Tail.Count);
        Assert.Equal("90", output.Tail[0]);
        Assert.Equal("end", output.Tail[^1]);
        Assert.Equal(201, _lines.Count);
    }

    [Fact]
    public void The_tails_lines_are_not_endless()
    {
        StepOutput output = Create();
        Write(output, new string('x', 10_000) + "\n");
        Assert.InRange(Assert.Single(output.Tail).Length, 400, 410);
    }

    [Fact]
    public void The_tails_lines_are_cut_between_two_characters()
    {
        StepOutput output = Create();
        Write(output, "x" + string.Concat(Enumerable.Repeat("𝒳", 300)) + "\n");
        Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Assert.Single(output.Tail))));
    }

    [Fact]
    public void What_comes_after_the_end_is_dropped()
    {
        StepOutput output = Create();
        Write(output, "a");
        output.Complete();
        Write(output, "b\n");
        Assert.Equal(["a"], _lines);
        Assert.Equal("a", Encoding.UTF8.GetString(_log.ToArray()));
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_reported_at_the_end_and_stops_nothing_before()
    {
        Platform.RequireLinux();
        using FileStream full = new("/dev/full", new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = 0 });
        StepOutput output = new(full, [], null);
        Write(output, "a", "b");
        Assert.Throws<IOException>(output.Complete);
    }

    [Fact]
    public void Lines_and_secrets_that_come_in_parts_are_not_torn_by_another_pipe()
    {
        StepOutput output = Create("s3cret");
        StepOutput.Channel one = output.Open();
        StepOutput.Channel two = output.Open();
        one.Write("a s3c"u8);
        two.Write("b\nc"u8);
        one.Write("ret\n"u8);
        output.Complete();
        Assert.Equal(["b", "a ***", "c"], _lines);
        Assert.DoesNotContain("ret", Encoding.UTF8.GetString(_log.ToArray()));
    }

    [Fact]
    public void Pipes_that_write_at_the_same_time_keep_their_lines()
    {
        StepOutput output = Create();
        StepOutput.Channel[] channels = [.. Enumerable.Range(0, 4).Select(_ => output.Open())];
        Concurrently.Run(4, thread =>
        {
            byte[] line = Encoding.UTF8.GetBytes(new string((char)('a' + thread), 50) + "\n");
            for (int i = 0; i < 200; i++)
            {
                channels[thread].Write(line);
            }
        });
        output.Complete();
        Assert.Equal(800, _lines.Count);
        Assert.All(_lines, line => Assert.Equal(new string(line[0], 50), line));
    }

    [Fact]
    public void Who_wants_few_lines_gets_those_and_the_tail_has_all()
    {
        StepOutput output = new(_log, ["s3cret"], _lines.Add, bytes => bytes.StartsWith("::"u8));
        Write(output, "a s3cret\n::b s3c\u001b[0mret\n\u001b[1m\u001b[0m\nc\rd\n", new string('é', 9000) + "\nend");
        output.Complete();
        Assert.Equal(["::b ***"], _lines);
        Assert.Equal(["a ***", "::b ***", "d", new string('é', 400) + " …", "end"], output.Tail);
    }

    [Fact]
    public void The_tail_is_the_same_whoever_listens()
    {
        Random random = new(20261123);
        string[] pieces = ["\n", "\n", "\n", "\n", "\r", "\r\n", "text", "word", "a line\n", "one\n", "s3cret", "\u001b[1m", "é", "\0", "\t", " ", new string('x', 500), new string('y', 17_000)];
        for (int round = 0; round < 300; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            int cut = random.Next(bytes.Length + 1);
            StepOutput listened = Create("s3cret");
            StepOutput silent = new(_log, ["s3cret"], null);
            List<string> wanted = [];
            StepOutput filtered = new(_log, ["s3cret"], wanted.Add, block => block.Contains((byte)'w'));
            _lines.Clear();
            foreach (StepOutput output in new[] { listened, silent, filtered })
            {
                StepOutput.Channel channel = output.Open();
                channel.Write(bytes.AsSpan(0, cut));
                channel.Write(bytes.AsSpan(cut));
                output.Complete();
            }

            Assert.Equal(listened.Tail, silent.Tail);
            Assert.Equal(listened.Tail, filtered.Tail);
            Assert.Equal(_lines.Where(line => line.Contains('w')), wanted.Where(line => line.Contains('w')));
        }
    }

    private StepOutput Create(params string[] secrets) => new(_log, secrets, _lines.Add);

    private static void Write(StepOutput output, params string[] texts)
    {
        StepOutput.Channel channel = output.Open();
        foreach (string text in texts)
        {
            channel.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
