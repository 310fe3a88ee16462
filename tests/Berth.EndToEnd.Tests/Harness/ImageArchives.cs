using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Image archives made by hand, as <c>docker save</c> would write them.</summary>
public static class ImageArchives
{
    /// <summary>A docker-archive of one image: the busybox layer, and a second one that removes a file of the first and adds one.</summary>
    /// <param name="ballast">A file of the upper layer that makes it as large.</param>
    public static async Task<ImageArchive> DockerArchiveAsync(string name, byte[]? ballast = null)
    {
        var lower = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        var upper = new MemoryStream();
        await using (var tar = new TarWriter(upper, TarEntryFormat.Pax, leaveOpen: true))
        {
            await AddAsync(tar, "etc/.wh.group", []);
            await AddAsync(tar, "etc/motto", "from the archive\n"u8.ToArray());
            if (ballast is not null)
            {
                await AddAsync(tar, "ballast", ballast);
            }
        }

        return await OfLayersAsync(
            name, [lower, upper.ToArray()], """{"Cmd":["sh","-c","test ! -e /etc/group && cat /etc/motto"],"Env":["PATH=/bin"]}""");
    }

    /// <summary>A docker-archive of one image of these layers.</summary>
    /// <param name="config">What a container starts with, as JSON.</param>
    public static async Task<ImageArchive> OfLayersAsync(string name, IReadOnlyList<byte[]> layers, string config = "{}")
    {
        var diffIds = layers.Select(Sha256).ToList();
        var image = Encoding.UTF8.GetBytes(
            $$"""
            {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z","config":{{config}},
             "rootfs":{"type":"layers","diff_ids":[{{string.Join(',', diffIds.Select(d => $"\"sha256:{d}\""))}}]},
             "history":[{{string.Join(',', diffIds.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $$"""{"created_by":"layer {{i}}"}""")))}}]}
            """);
        var archive = new ImageArchive(Path.Combine(Path.GetTempPath(), $"berth-archive-{Guid.NewGuid():N}.tar"));
        await using var writer = new TarWriter(File.Create(archive.Path), TarEntryFormat.Pax);
        await AddAsync(writer, $"{Sha256(image)}.json", image);
        foreach (var (diffId, layer) in diffIds.Zip(layers))
        {
            await AddAsync(writer, $"{diffId}/layer.tar", layer);
        }

        await AddAsync(writer, "manifest.json", Encoding.UTF8.GetBytes(
            $$"""[{"Config":"{{Sha256(image)}}.json","RepoTags":["{{name}}"],"Layers":[{{string.Join(',', diffIds.Select(d => $"\"{d}/layer.tar\""))}}]}]"""));
        return archive;
    }

    private static string Sha256(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static Task AddAsync(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}

/// <summary>An archive on disk that goes away with the test.</summary>
public sealed record ImageArchive(string Path) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}
