using System.Text;

namespace Berth.Images.Tests.Tar;

/// <summary>Writes archives byte by byte, also such as no program would write.</summary>
internal sealed class ArchiveBuilder
{
    private readonly MemoryStream _archive = new();

    public ArchiveBuilder File(string name, string content = "") => Entry('0', name, content: Encoding.UTF8.GetBytes(content));

    public ArchiveBuilder Directory(string name, uint mode = 0x1ED) => Entry('5', name, mode: mode);

    public ArchiveBuilder SymbolicLink(string name, string target) => Entry('2', name, target);

    public ArchiveBuilder HardLink(string name, string target) => Entry('1', name, target);

    public ArchiveBuilder Device(string name, uint major, uint minor) => Entry('3', name, device: (major, minor));

    /// <summary>A PAX header for the next entry.</summary>
    public ArchiveBuilder Pax(params (string Key, byte[] Value)[] records) => Entry('x', "pax", content: Records(records));

    /// <summary>An entry with any type and any numbers.</summary>
    public ArchiveBuilder Entry(
        char type,
        string name,
        string link = "",
        byte[]? content = null,
        uint mode = 0x1A4,
        (uint Major, uint Minor) device = default,
        string? size = null)
    {
        content ??= [];
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, Octal(mode, 7));
        Put(header, 108, Octal(0, 7));
        Put(header, 116, Octal(0, 7));
        Put(header, 124, size ?? Octal((uint)content.Length, 11));
        Put(header, 136, Octal(1_000_000_000, 11));
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\0" + "00");
        Put(header, 329, Octal(device.Major, 7));
        Put(header, 337, Octal(device.Minor, 7));
        Put(header, 148, "        ");
        Put(header, 148, Octal((uint)header.Sum(b => b), 6) + "\0 ");
        _archive.Write(header);
        _archive.Write(content);
        _archive.Write(new byte[-content.Length & 511]);
        return this;
    }

    public ArchiveBuilder Raw(byte[] bytes)
    {
        _archive.Write(bytes);
        return this;
    }

    public byte[] Finish() => [.. _archive.ToArray(), .. new byte[1024]];

    public Stream Open() => new MemoryStream(Finish());

    private static byte[] Records((string Key, byte[] Value)[] records)
    {
        using var content = new MemoryStream();
        foreach (var (key, value) in records)
        {
            var body = key.Length + value.Length + 3;
            var length = body + body.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
            length = body + length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
            content.Write(Encoding.UTF8.GetBytes($"{length} {key}="));
            content.Write(value);
            content.WriteByte((byte)'\n');
        }

        return content.ToArray();
    }

    private static string Octal(uint value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int at, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, at);
}
