using System.Formats.Tar;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A root file system of Debian's static busybox and what it lacks, as an archive for <c>import</c>.</summary>
public static class Busybox
{
    private static readonly Lazy<Task<string>> _tar = new(MakeAsync);

    public static Task<string> TarAsync() => _tar.Value;

    private static async Task<string> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("berth-busybox-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var path = Path.Combine(folder, "busybox.tar");
        await using var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var directory in (string[])["bin", "etc", "proc", "sys", "dev", "root", "home", "home/app", "var", "var/www"])
        {
            var app = directory == "home/app" ? 1000 : 0;
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, directory + "/") { Mode = (UnixFileMode)0b111_101_101, Uid = app, Gid = app });
        }

        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b1_111_111_111 });
        await AddProgramAsync(tar, "bin/busybox", "/bin/busybox");
        foreach (var program in (string[])["send-frame", "udp-echo"])
        {
            await AddProgramAsync(tar, $"bin/{program}", await CompileAsync(folder, program));
        }

        foreach (var applet in (await Shell.RunAsync("/bin/busybox", ["--list"])).Lines.Where(a => a != "busybox"))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }

        await AddTextAsync(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n");
        await AddTextAsync(tar, "etc/group", "root:x:0:\napp:x:1000:\nextra:x:2000:app\n");
        return path;
    }

    /// <summary>Compiles a C program of these tests, which lies in this assembly, into a static binary.</summary>
    private static async Task<string> CompileAsync(string folder, string name)
    {
        var source = Path.Combine(folder, name + ".c");
        await using (var file = File.Create(source))
        {
            await typeof(Busybox).Assembly.GetManifestResourceStream(name + ".c")!.CopyToAsync(file);
        }

        var program = Path.Combine(folder, name);
        (await Shell.RunAsync("gcc", ["-static", "-O1", "-o", program, source])).Expect(0);
        return program;
    }

    private static async Task AddProgramAsync(TarWriter tar, string name, string path)
    {
        await using var content = File.OpenRead(path);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b111_101_101, DataStream = content });
    }

    private static ValueTask AddTextAsync(TarWriter tar, string name, string text) =>
        new(tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)0b110_100_100,
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
        }));
}
