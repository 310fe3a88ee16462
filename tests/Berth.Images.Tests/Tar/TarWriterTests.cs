using System.Text;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Linux.Files;

namespace Berth.Images.Tests.Tar;

public sealed class TarWriterTests
{
    public static TheoryData<string> Names =>
    [
        "short", "dir/ü", new string('n', 100), $"{new string('d', 90)}/{new string('n', 95)}", new string('n', 101),
        $"{new string('d', 200)}/{new string('n', 200)}", "\udcff",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_written_is_read(string name)
    {
        // The last name is one that is no UTF-8.
        var bytes = name == "\udcff" ? [0x61, 0xFF, 0xFE] : Encoding.UTF8.GetBytes(name);
        var entry = new TarEntry
        {
            Name = bytes,
            Type = TarEntryType.File,
            Mode = 0x9ED,
            User = 3_000_000_000,
            Group = 7,
            Modified = new FileTime(-5, 0),
            Size = 5,
            Attributes = [new("user.x"u8.ToArray(), [0, 1, 10, 0xFF])],
        };
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        writer.Write(entry);
        writer.WriteContent("hello"u8);
        writer.Write(new TarEntry { Name = [.. bytes, .. "-link"u8], Type = TarEntryType.HardLink, LinkName = bytes });
        writer.Write(new TarEntry { Name = [.. bytes, .. "-dir"u8], Type = TarEntryType.Directory, Mode = 0x1ED });
        writer.Finish();

        archive.Position = 0;
        var reader = new TarReader(archive);
        var read = reader.Next()!;
        Assert.Equal(bytes, read.Name);
        Assert.Equal((entry.Mode, entry.User, entry.Group, entry.Modified, entry.Size), (read.Mode, read.User, read.Group, read.Modified, read.Size));
        Assert.Equal(entry.Attributes.Single().Value, read.Attributes.Single().Value);
        var content = new byte[5];
        Assert.Equal(5, reader.ReadContent(content));
        Assert.Equal("hello"u8.ToArray(), content);
        var link = reader.Next()!;
        Assert.Equal(TarEntryType.HardLink, link.Type);
        Assert.Equal(bytes, link.LinkName);
        Assert.Equal(TarEntryType.Directory, reader.Next()!.Type);
        Assert.Null(reader.Next());
        Assert.Equal(0, archive.Length % 512);
    }

    [Fact]
    public void A_file_that_became_shorter_is_filled_up()
    {
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        writer.Write(new TarEntry { Name = "a"u8.ToArray(), Type = TarEntryType.File, Size = 1000 });
        writer.WriteContent("x"u8);
        writer.Write(new TarEntry { Name = "b"u8.ToArray(), Type = TarEntryType.File });
        writer.Finish();
        archive.Position = 0;
        var reader = new TarReader(archive);
        Assert.Equal(1000, reader.Next()!.Size);
        Assert.Equal("b"u8.ToArray(), reader.Next()!.Name);
    }

    [Fact]
    public void An_archive_is_unpacked_through_the_trees_own_links_and_not_out_of_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "owners need root");
        var root = Directory.CreateTempSubdirectory("berth-unpack-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "real"));
            Directory.CreateDirectory(Path.Combine(root, "into"));
            File.CreateSymbolicLink(Path.Combine(root, "into", "link"), "/real");
            using var archive = new MemoryStream();
            var writer = new TarWriter(archive);
            writer.Write(new TarEntry { Name = "link/deep/f"u8.ToArray(), Type = TarEntryType.File, Mode = 0x1A4 });
            writer.Write(new TarEntry { Name = "evil"u8.ToArray(), Type = TarEntryType.SymbolicLink, LinkName = "../../../../../../tmp"u8.ToArray() });
            writer.Write(new TarEntry { Name = "evil/berth-escaped"u8.ToArray(), Type = TarEntryType.File });
            writer.Finish();
            archive.Position = 0;
            using var tree = TreeDirectory.Open(root);
            Directory.CreateDirectory(Path.Combine(root, "tmp"));
            TreeUnpacker.Unpack(tree, "/into", archive, new UnpackOptions(KeepKind: true, Owner: null));
            Assert.True(File.Exists(Path.Combine(root, "real", "deep", "f")));
            Assert.True(File.Exists(Path.Combine(root, "tmp", "berth-escaped")));
            Assert.False(File.Exists("/tmp/berth-escaped"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
