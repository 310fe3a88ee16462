using System.Text;
using Berth.Archives.Tar;
using Berth.Linux.Files;

namespace Berth.Images.Tests.Tar;

public sealed class TarReaderTests
{
    [Fact]
    public void Names_and_attributes_come_out_as_bytes()
    {
        byte[] name = [.. "caf"u8, 0xE9];
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0xFF, 0xFE, 0, (byte)'\n', (byte)'='];
        var entry = new TarReader(new ArchiveBuilder()
            .Pax(("path", name), ("SCHILY.xattr.security.capability", capability), ("mtime", "1.5"u8.ToArray()))
            .File("x", "abc").Open()).Next()!;
        Assert.Equal(name, entry.Name);
        Assert.Equal(capability, Assert.Single(entry.Attributes).Value);
        Assert.Equal(new FileTime(1, 500_000_000), entry.Modified);
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("-1.25", -2, 750_000_000)]
    [InlineData("1234567890.123456789123", 1234567890, 123_456_789)]
    public void A_time_has_nanoseconds_that_count_upwards(string text, long seconds, uint nanoseconds)
    {
        var entry = new TarReader(new ArchiveBuilder().Pax(("mtime", Encoding.ASCII.GetBytes(text))).File("x").Open()).Next()!;
        Assert.Equal(new FileTime(seconds, nanoseconds), entry.Modified);
    }

    [Fact]
    public void Content_that_was_not_read_is_passed_over()
    {
        var reader = new TarReader(new ArchiveBuilder().File("a", new string('a', 1000)).File("b", "b").Open());
        Assert.Equal("a"u8.ToArray(), reader.Next()!.Name);
        Assert.Equal("b"u8.ToArray(), reader.Next()!.Name);
        var buffer = new byte[10];
        Assert.Equal(1, reader.ReadContent(buffer));
        Assert.Equal(0, reader.ReadContent(buffer));
        Assert.Null(reader.Next());
    }

    [Fact]
    public void Content_is_gathered_from_a_source_that_gives_little_at_a_time()
    {
        var archive = new ArchiveBuilder().File("a", "0123456789").Finish();
        var reader = new TarReader(new TricklingStream(archive));
        reader.Next();
        var content = new byte[8];
        reader.ReadContentExactly(content);
        Assert.Equal("01234567"u8.ToArray(), content);
        Assert.Throws<TarException>(() => reader.ReadContentExactly(content));
    }

    [Fact]
    public void An_archive_may_end_without_its_last_blocks()
    {
        var archive = new ArchiveBuilder().File("a", "a").Finish()[..^1024];
        var reader = new TarReader(new MemoryStream(archive));
        Assert.NotNull(reader.Next());
        Assert.Null(reader.Next());
    }

    [Fact]
    public void An_archive_that_is_cut_off_is_an_error()
    {
        var archive = new ArchiveBuilder().File("a", new string('a', 2000)).Finish()[..1000];
        var reader = new TarReader(new MemoryStream(archive));
        reader.Next();
        Assert.Throws<TarException>(() => reader.Next());
    }

    [Fact]
    public void A_header_whose_sum_is_wrong_is_none()
    {
        var archive = new ArchiveBuilder().File("a").Finish();
        archive[0]++;
        var error = Assert.Throws<TarException>(() => new TarReader(new MemoryStream(archive)).Next());
        Assert.Equal("archive/tar: invalid tar header", error.Message);
    }

    public static TheoryData<byte[]> Hostile() => new(
        new ArchiveBuilder().Entry('x', "huge", size: "77777777777").Finish(),
        new ArchiveBuilder().Entry('L', "huge", size: "77777777777").Finish(),
        new ArchiveBuilder().Entry('x', "pax", content: "999 path=a\n"u8.ToArray()).File("a").Finish(),
        new ArchiveBuilder().Entry('x', "pax", content: "-3 path=a\n"u8.ToArray()).File("a").Finish(),
        new ArchiveBuilder().Entry('x', "pax", content: "5 a\n"u8.ToArray()).File("a").Finish(),
        new ArchiveBuilder().Pax(("size", "-1"u8.ToArray())).File("a").Finish(),
        new ArchiveBuilder().Pax(("size", "99999999999999999999"u8.ToArray())).File("a").Finish(),
        new ArchiveBuilder().Pax(("uid", "4294967296"u8.ToArray())).File("a").Finish(),
        new ArchiveBuilder().Pax(("mtime", "x"u8.ToArray())).File("a").Finish(),
        new ArchiveBuilder().Entry('0', "negative", size: "\x80\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").Finish(),
        new ArchiveBuilder().Entry('0', "negative", size: "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").Finish(),
        new ArchiveBuilder().Entry('Z', "unknown type").Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.map", "0,1,0,1"u8.ToArray()), ("GNU.sparse.size", "9"u8.ToArray())).File("overlap", "ab").Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.map", "8,9"u8.ToArray()), ("GNU.sparse.size", "9"u8.ToArray())).File("beyond", "123456789").Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.map", "0"u8.ToArray()), ("GNU.sparse.size", "9"u8.ToArray())).File("odd", "a").Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.numbytes", "1"u8.ToArray()), ("GNU.sparse.size", "9"u8.ToArray())).File("no offset", "a").Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.realsize", "9"u8.ToArray()))
            .File("endless map", string.Concat(Enumerable.Repeat("1", 2 << 20))).Finish(),
        new ArchiveBuilder().Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.realsize", "9"u8.ToArray()))
            .File("many segments", "9999999999\n").Finish(),
        new ArchiveBuilder().File("then garbage").Raw([.. Enumerable.Repeat((byte)'x', 512)]).Finish());

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_header_is_refused_without_using_memory(byte[] archive)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<TarException>(() =>
        {
            var reader = new TarReader(new MemoryStream(archive));
            while (reader.Next() is not null)
            {
            }
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 3)]);
    }
}
