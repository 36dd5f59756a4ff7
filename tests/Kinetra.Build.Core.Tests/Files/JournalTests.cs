using System.Text;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class JournalTests : IDisposable
{
    private const string Kind = "kinetra-test 1";

    private readonly TestProject _project = new();

    private FilePath Path => _project.Path("test.journal");

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Without_a_file_there_are_no_records()
    {
        Assert.Empty(Journal.Read(Path, Kind).Records);
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void Each_record_is_a_line_with_length_and_checksum()
    {
        Append("[1]", "{}");
        Assert.Equal("kinetra-test 1\n00000003 9c30f2e3 [1]\n00000002 49cd6d92 {}\n".Length, _project.Folder.Read("test.journal").Length);
        Assert.Matches("^kinetra-test 1\n00000003 [0-9a-f]{8} \\[1\\]\n00000002 [0-9a-f]{8} \\{\\}\n$", _project.Folder.Read("test.journal"));
    }

    [Fact]
    public void The_checksum_is_the_standards() => Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Records_come_back_in_their_order()
    {
        Append("[1]", "[2]");
        Append("[3]");
        Assert.Equal(["[1]", "[2]", "[3]"], Read());
    }

    [Fact]
    public void A_journal_cut_anywhere_has_the_records_that_are_whole_and_goes_on()
    {
        Append("[1]", "[22]", "[333]");
        byte[] whole = File.ReadAllBytes(Path.Full);
        string[] records = ["[1]", "[22]", "[333]"];
        for (int length = Kind.Length + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path.Full, whole[..length]);
            string[] read = Read();
            Assert.Equal(records[..read.Length], read);
            Append("[4]");
            Assert.Equal([.. read, "[4]"], Read());
        }
    }

    [Fact]
    public void A_first_line_that_is_cut_or_another_one_is_damage()
    {
        Append("[1]");
        byte[] whole = File.ReadAllBytes(Path.Full);
        for (int length = 0; length <= Kind.Length; length++)
        {
            File.WriteAllBytes(Path.Full, whole[..length]);
            Assert.Throws<InvalidDataException>(Read);
        }
    }

    [Fact]
    public void A_changed_byte_is_damage_or_ends_the_journal_before_it()
    {
        Append("[1]", "[22]", "[333]");
        byte[] whole = File.ReadAllBytes(Path.Full);
        int last = Encoding.UTF8.GetString(whole).TrimEnd('\n').LastIndexOf('\n') + 1;
        int damaged = 0;
        for (int place = 0; place < whole.Length; place++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. whole];
                changed[place] ^= (byte)(1 << bit);
                File.WriteAllBytes(Path.Full, changed);
                if (place < last)
                {
                    // A digit in upper case is the same number.
                    if (Throws(out string[]? read))
                    {
                        damaged++;
                    }
                    else
                    {
                        Assert.Equal(["[1]", "[22]", "[333]"], read!);
                    }
                }
                else
                {
                    Assert.True(Read() is ["[1]", "[22]"] or ["[1]", "[22]", "[333]"]);
                }
            }
        }

        Assert.InRange(damaged, (last * 8) - 60, last * 8);
    }

    [Fact]
    public void The_error_names_the_place()
    {
        Append("[1]", "[2]", "[3]");
        File.WriteAllText(Path.Full, File.ReadAllText(Path.Full).Replace("[2]", "[x]", StringComparison.Ordinal));
        Assert.Contains("byte 37 ", Assert.Throws<InvalidDataException>(Read).Message);
    }

    [Fact]
    public void Zeros_at_the_end_as_some_file_systems_leave_them_are_no_damage()
    {
        Append("[1]");
        File.AppendAllText(Path.Full, new string('\0', 4096));
        Append("[2]");
        Assert.Equal(["[1]", "[2]"], Read());
    }

    [Fact]
    public void Rewriting_replaces_all_records()
    {
        Append("[1]", "[2]");
        Journal journal = Journal.Read(Path, Kind);
        journal.Rewrite(["[3]"u8.ToArray()]);
        journal.Append("[4]"u8.ToArray());
        Assert.Equal(["[3]", "[4]"], Read());
    }

    private void Append(params string[] records)
    {
        Journal journal = Journal.Read(Path, Kind);
        Array.ForEach(records, record => journal.Append(Encoding.UTF8.GetBytes(record)));
    }

    private string[] Read() => [.. Journal.Read(Path, Kind).Records.Select(record => Encoding.UTF8.GetString(record.Span))];

    private bool Throws(out string[]? read)
    {
        read = null;
        try
        {
            read = Read();
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}
