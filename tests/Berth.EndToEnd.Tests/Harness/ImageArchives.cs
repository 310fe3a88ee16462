using System.Formats.Tar;
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

        string[] diffIds = [Sha256(lower), Sha256(upper.ToArray())];
        var config = Encoding.UTF8.GetBytes(
            $$"""
            {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z",
             "config":{"Cmd":["sh","-c","test ! -e /etc/group && cat /etc/motto"],"Env":["PATH=/bin"]},
             "rootfs":{"type":"layers","diff_ids":["sha256:{{diffIds[0]}}","sha256:{{diffIds[1]}}"]},
             "history":[{"created_by":"lower"},{"created_by":"upper"}]}
            """);
        var archive = new ImageArchive(Path.Combine(Path.GetTempPath(), $"berth-archive-{Guid.NewGuid():N}.tar"));
        await using var writer = new TarWriter(File.Create(archive.Path), TarEntryFormat.Pax);
        await AddAsync(writer, $"{Sha256(config)}.json", config);
        await AddAsync(writer, $"{diffIds[0]}/layer.tar", lower);
        await AddAsync(writer, $"{diffIds[1]}/layer.tar", upper.ToArray());
        await AddAsync(writer, "manifest.json", Encoding.UTF8.GetBytes(
            $$"""[{"Config":"{{Sha256(config)}}.json","RepoTags":["{{name}}"],"Layers":["{{diffIds[0]}}/layer.tar","{{diffIds[1]}}/layer.tar"]}]"""));
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
