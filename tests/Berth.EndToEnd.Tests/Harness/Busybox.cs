using System.Formats.Tar;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A root file system of Debian's static busybox, as an archive for <c>import</c>.</summary>
public static class Busybox
{
    private static readonly Lazy<Task<string>> _tar = new(MakeAsync);

    public static Task<string> TarAsync() => _tar.Value;

    private static async Task<string> MakeAsync()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("berth-busybox-").FullName, "busybox.tar");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        await using var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var folder in (string[])["bin", "etc", "proc", "sys", "dev", "root", "home", "home/app", "var", "var/www"])
        {
            var app = folder == "home/app" ? 1000 : 0;
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, folder + "/") { Mode = (UnixFileMode)0b111_101_101, Uid = app, Gid = app });
        }

        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b1_111_111_111 });
        await using (var busybox = File.OpenRead("/bin/busybox"))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = busybox });
        }

        foreach (var applet in (await Shell.RunAsync("/bin/busybox", ["--list"])).Lines.Where(a => a != "busybox"))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }

        await AddTextAsync(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n");
        await AddTextAsync(tar, "etc/group", "root:x:0:\napp:x:1000:\nextra:x:2000:app\n");
        return path;
    }

    private static ValueTask AddTextAsync(TarWriter tar, string name, string text) =>
        new(tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)0b110_100_100,
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
        }));
}
