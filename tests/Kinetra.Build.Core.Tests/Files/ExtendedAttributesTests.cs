using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Text;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

[SupportedOSPlatform("linux")]
public sealed class ExtendedAttributesTests : IDisposable
{
    private const string AccessList = "system.posix_acl_access";
    private const string DefaultList = "system.posix_acl_default";

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void What_a_user_set_is_kept()
    {
        FilePath file = _project.Write("a.txt", "old");
        Platform.SetAttribute(file.Full, "user.origin", "somewhere"u8.ToArray());
        Platform.SetAttribute(file.Full, "user.empty", []);
        AtomicFile.Write(file, "new"u8);
        Assert.Equal("new", _project.Folder.Read("a.txt"));
        Assert.Equal("somewhere", Encoding.ASCII.GetString(Platform.Attribute(file.Full, "user.origin")!));
        Assert.Empty(Platform.Attribute(file.Full, "user.empty")!);
    }

    [Fact]
    public void More_names_than_fit_the_first_buffer_are_kept()
    {
        FilePath file = _project.Write("a.txt", "old");
        string[] names = [.. Enumerable.Range(0, 20).Select(i => $"user.{new string('x', 80)}{i}")];
        Array.ForEach(names, name => Platform.SetAttribute(file.Full, name, "1"u8.ToArray()));
        AtomicFile.Write(file, "new"u8);
        Assert.All(names, name => Assert.Equal("1"u8.ToArray(), Platform.Attribute(file.Full, name)));
    }

    [Fact]
    public void Those_of_a_links_target_are_kept()
    {
        FilePath file = _project.Write("a.txt", "old");
        Platform.SetAttribute(file.Full, "user.origin", "1"u8.ToArray());
        File.CreateSymbolicLink(_project.Folder["link"], "a.txt");
        AtomicFile.Write(_project.Path("link"), "new"u8);
        Assert.Equal("1"u8.ToArray(), Platform.Attribute(file.Full, "user.origin"));
    }

    [Fact]
    public void An_access_list_is_kept_and_the_mode_with_it()
    {
        FilePath file = _project.Write("a.txt", "old");
        byte[] list = List(owner: 6, named: 4, group: 4, mask: 4, other: 0);
        Platform.SetAttribute(file.Full, AccessList, list);
        UnixFileMode mode = File.GetUnixFileMode(file.Full);
        AtomicFile.Write(file, "new"u8);
        Assert.Equal(list, Platform.Attribute(file.Full, AccessList));
        Assert.Equal(mode, File.GetUnixFileMode(file.Full));
    }

    [Fact]
    public void A_given_mode_bounds_what_the_access_list_allows()
    {
        FilePath file = _project.Write("a.txt", "old");
        Platform.SetAttribute(file.Full, AccessList, List(owner: 6, named: 6, group: 6, mask: 6, other: 0));
        AtomicFile.Write(file, "new"u8, UnixMode.Private);
        Assert.Equal(List(owner: 6, named: 6, group: 6, mask: 0, other: 0), Platform.Attribute(file.Full, AccessList));
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(file.Full));
    }

    [Fact]
    public void And_does_so_from_the_first_moment()
    {
        FilePath file = _project.Write("a.txt", "old");
        Platform.SetAttribute(file.Full, AccessList, List(owner: 7, named: 6, group: 6, mask: 6, other: 4));
        using TemporaryFile next = TemporaryFile.Create(_project.Folder.Root, UnixMode.Private);

        // What a user of the list could open before the mode is set.
        ExtendedAttributes.Copy(file.Full, next.Handle, UnixMode.Parse("mode", "0640"));
        Assert.Equal(List(owner: 6, named: 6, group: 6, mask: 4, other: 0), Platform.Attribute(next.Path, AccessList));
        ExtendedAttributes.Copy(file.Full, next.Handle, UnixMode.Private);
        Assert.Equal(List(owner: 6, named: 6, group: 6, mask: 0, other: 0), Platform.Attribute(next.Path, AccessList));
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(next.Path));
    }

    [Fact]
    public void A_list_without_a_mask_is_bounded_as_its_group_and_one_of_another_form_stays()
    {
        byte[] list = List(owner: 7, named: 6, group: 6, mask: 6, other: 4);

        // Without the entries of the named user and of the mask, which the kernel asks for together.
        byte[] minimal = [.. list[..12], .. list[20..28], .. list[36..]];
        Core.Files.AccessList.Bound(minimal, UnixMode.Parse("mode", "0640"));
        Assert.Equal<byte[]>([6, 4, 0], [minimal[6], minimal[14], minimal[22]]);
        foreach (byte[] strange in new byte[][] { [], [2, 0, 0], [.. list, 0], [3, .. list[1..]] })
        {
            byte[] before = [.. strange];
            Core.Files.AccessList.Bound(strange, UnixMode.Private);
            Assert.Equal(before, strange);
        }
    }

    [Fact]
    public void A_file_without_an_access_list_does_not_get_the_directorys()
    {
        FilePath file = _project.Write("x/a.txt", "old");
        File.SetUnixFileMode(file.Full, UnixMode.Parse("mode", "0640"));
        Platform.SetAttribute(_project.Folder["x"], DefaultList, List(owner: 7, named: 7, group: 5, mask: 7, other: 0));
        AtomicFile.Write(file, "new"u8);
        Assert.Null(Platform.Attribute(file.Full, AccessList));
        Assert.Equal("0640", UnixMode.Format(File.GetUnixFileMode(file.Full)));
    }

    [Fact]
    public void Capabilities_belong_to_the_old_content_and_are_not_kept()
    {
        FilePath file = _project.Write("tool", "old");

        // struct vfs_cap_data, revision 2: CAP_NET_BIND_SERVICE, effective and permitted.
        byte[] capability = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(capability, 0x02000001);
        BinaryPrimitives.WriteUInt32LittleEndian(capability.AsSpan(4), 1 << 10);
        Platform.SetAttribute(file.Full, "security.capability", capability);
        Assert.NotNull(Platform.Attribute(file.Full, "security.capability"));
        AtomicFile.Write(file, "new"u8);
        Assert.Null(Platform.Attribute(file.Full, "security.capability"));
    }

    [Fact]
    public void A_file_that_vanishes_meanwhile_is_written_all_the_same()
    {
        Platform.RequireLinux();
        FilePath file = _project.Write("a.txt", "old");
        using (AtomicFile next = AtomicFile.Create(file))
        {
            next.Append("new"u8);
            File.Delete(file.Full);
            next.Seal();
            next.Commit();
        }

        Assert.Equal("new", _project.Folder.Read("a.txt"));
    }

    // As the kernel keeps it (linux/posix_acl_xattr.h): version 2, then tag, permissions and id of each entry.
    private static byte[] List(byte owner, byte named, byte group, byte mask, byte other)
    {
        (ushort Tag, byte Permissions, uint Id)[] entries =
            [(0x01, owner, uint.MaxValue), (0x02, named, 65534), (0x04, group, uint.MaxValue), (0x10, mask, uint.MaxValue), (0x20, other, uint.MaxValue)];
        byte[] list = new byte[4 + (8 * entries.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(list, 2);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = list.AsSpan(4 + (8 * i));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[i].Permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[i].Id);
        }

        return list;
    }
}
