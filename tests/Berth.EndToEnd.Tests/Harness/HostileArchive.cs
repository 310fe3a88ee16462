using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Builds tar archives header by header, also such as no program would write.</summary>
public sealed class HostileArchive
{
    private const int Block = 512;

    private readonly MemoryStream _archive = new();

    public static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <param name="type">The letter of the header's type.</param>
    /// <param name="name">As it is, at most 100 bytes.</param>
    /// <param name="size">What the header says of the size; null: the truth.</param>
    public HostileArchive Entry(char type, string name, byte[]? content = null, string link = "", long? size = null, string mode = "0000644")
    {
        content ??= [];
        var header = new byte[Block];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        Put(header, 100, mode);
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        Put(header, 124, Convert.ToString(size ?? content.Length, 8).PadLeft(11, '0'));
        Put(header, 136, "00000000000");
        header[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(header, 157);
        Put(header, 257, "ustar");
        Put(header, 263, "00");
        Put(header, 148, new string(' ', 8));
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0");
        _archive.Write(header);
        _archive.Write(content);
        _archive.Write(new byte[-content.Length & (Block - 1)]);
        return this;
    }

    public HostileArchive File(string name, string content) => Entry('0', name, Encoding.UTF8.GetBytes(content));

    public HostileArchive Link(string name, string target) => Entry('2', name, link: target);

    public byte[] ToArray() => [.. _archive.ToArray(), .. new byte[2 * Block]];

    /// <summary>An image archive of these layers, honest but for them.</summary>
    public static byte[] ImageOf(params byte[][] layers) => ImageOf(layers, [.. layers.Select(l => $"\"sha256:{Hex(l)}\"")]);

    /// <param name="diffIds">JSON of what the configuration says of each layer.</param>
    /// <param name="rest">Further members of the configuration.</param>
    public static byte[] ImageOf(byte[][] layers, string[] diffIds, string rest = "")
    {
        var config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[{{string.Join(',', diffIds)}}]}{{rest}}}""");
        var archive = new HostileArchive().Entry('0', "config.json", config);
        for (var i = 0; i < layers.Length; i++)
        {
            archive.Entry('0', string.Create(CultureInfo.InvariantCulture, $"{i}/layer.tar"), layers[i]);
        }

        var paths = Enumerable.Range(0, layers.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{i}/layer.tar\""));
        return archive.File("manifest.json", $$"""[{"Config":"config.json","RepoTags":["hostile:v1"],"Layers":[{{string.Join(',', paths)}}]}]""").ToArray();
    }

    /// <summary>An image layout whose index lists one document.</summary>
    public static byte[] LayoutOf(string mediaType, string digest, params (string Path, string Content)[] files)
    {
        var archive = new HostileArchive().File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""")
            .File("index.json", $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":7}]}""");
        return files.Aggregate(archive, (a, f) => a.File(f.Path, f.Content)).ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static void Put(byte[] header, int offset, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, offset);
}
