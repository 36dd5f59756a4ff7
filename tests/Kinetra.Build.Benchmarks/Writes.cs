using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a durable write costs beside the system calls alone, the seed and MSBuild's own task.</summary>
internal static class Writes
{
    private const string Limit = "C: write, fsync, rename, fsync of the directory";
    private const string ProtectedLimit = "C: the same with a durable backup and record";
    private const string Own = "`AtomicFile.Write`";
    private const string OwnWithDigest = "`AtomicFile` with digest";
    private const string OwnProtected = "`ProtectedFiles.Write`, backup and checksum";
    private const string Seed = "the seed: backup and SHA-256, no fsync";
    private const string BuiltIn = "`WriteLinesToFile`, no fsync";

    // Of each file: the two C programs, ours (three), the seed and MSBuild, each with up to four backups and a temporary file.
    private const long Needed = 3L << 30;

    /// <summary>Measures and prints a table for each size.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, string parent)
    {
        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, Needed);
        string? durable = Programs.Compile("durable", folder);
        string? seed = Benchmarks.Seed.Find();
        Run(rounds, folder, durable, seed, "1 KiB", 1 << 10, repeat: 20, warmUps: 5, 1.5);
        Run(rounds, folder, durable, seed, "1 MiB", 1 << 20, repeat: 5, warmUps: 5, 1.8);
        Run(rounds, folder, durable, seed, "64 MiB", 64 << 20, repeat: 1, warmUps: 1, 2.0);
    }

    private static void Run(int rounds, BenchmarkFolder folder, string? durable, string? seed, string title, int size, int repeat, int warmUps, double protectedBound)
    {
        string text = RandomText(size);
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        string root = folder[size.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Directory.CreateDirectory(root);
        List<Peer> peers = [];
        List<Case> cases = [];
        void AddPeer(string name, string program, params string[] arguments)
        {
            Peer peer = Peer.Start(program, arguments);
            peers.Add(peer);
            cases.Add(peer.As(name, repeat));
        }

        try
        {
            string sizeText = bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (durable is not null)
            {
                AddPeer(Limit, durable, "write", Path.Combine(root, "c"), sizeText);
            }

            FilePath plain = FilePath.Resolve(root, "own/file.txt");
            cases.Add(Case.Timed(Own, () => AtomicFile.Write(plain, bytes, UnixMode.Private), repeat));
            FilePath digested = FilePath.Resolve(root, "digest/file.txt");
            cases.Add(Case.Timed(OwnWithDigest, () => WriteWithDigest(digested, bytes), repeat));
            if (durable is not null)
            {
                AddPeer(ProtectedLimit, durable, "protected", Path.Combine(root, "c-protected"), sizeText);
            }

            cases.Add(Case.Timed(OwnProtected, ProtectedWrite(Path.Combine(root, "protected"), text), repeat));
            if (seed is not null)
            {
                AddPeer(Seed, "python3", Programs.PeerFile("seed.py"), seed, Path.Combine(root, "seed"), sizeText);
            }

            if (size == 1 << 10)
            {
                string path = Path.Combine(root, "builtin", "file.txt");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                cases.Add(Case.Timed(BuiltIn, () => BuiltInTasks.WriteLines(path, text[..^1]), repeat));
            }

            IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps, cases, folder.Settle);
            Table.Print(
                $"write of {title}, {rounds} rounds of {repeat}",
                Unit.OneMicrosecond,
                measurements,
                Comparison.AtMost(Own, size > 1 << 20 ? 1.03 : 1.10, Limit),
                Comparison.Unbound(OwnWithDigest, Limit),
                Comparison.AtMost(OwnProtected, protectedBound, Limit),
                Comparison.Unbound(OwnProtected, ProtectedLimit),
                Comparison.AtMost(OwnProtected, 1, Seed));
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
            Directory.Delete(root, recursive: true);
        }
    }

    private static void WriteWithDigest(FilePath file, byte[] content)
    {
        using AtomicFile next = AtomicFile.Create(file, UnixMode.Private);
        next.SetContent(content);
        next.Seal();
        next.Commit();
    }

    // Rotation is part of the time, in ours and in C alike: from the fourth write on each one removes a backup.
    private static Action ProtectedWrite(string project, string text)
    {
        Directory.CreateDirectory(project);
        ChecksumStore checksums = new(FilePath.Resolve(project, ".workflow_state"), project);
        BackupStore backups = new(FilePath.Resolve(project, "data/backups/workflow"), project, TimeProvider.System);
        ProtectedFiles files = new(checksums, backups, new BackupRotation(Keep: 3));
        FilePath file = FilePath.Resolve(project, "file.txt");
        FileContent content = FileContent.Text(text, "utf-8");
        WriteOptions options = new(Backup: true, Checksum: true, Mode: UnixMode.Private);
        return () => files.Write(file, content, options);
    }

    private static string RandomText(int size) =>
        string.Create(size, new Random(1), (text, random) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)('a' + random.Next(26));
            }
        });
}
