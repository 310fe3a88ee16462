using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>What goes on while the files of images are removed, which may take minutes (issue 9, number 12).</summary>
public sealed class PruneBesideTests(SharedDaemon shared) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-prune-").FullName;

    private string Disk => Path.Combine(_folder, "disk");

    [Fact]
    public async Task Nothing_waits_for_the_removal_of_an_images_files()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");
        _ = shared.Daemon;
        await using var daemon = await Daemon.StartAsync();
        var id = (await daemon.Docker.InputAsync("import -", new HostileArchive().Entry('5', "slow/").File("f", "x").ToArray())).Expect(0).Line;
        (await daemon.Docker.InputAsync("import - other:v1", new HostileArchive().File("g", "y").ToArray())).Expect(0);
        (await daemon.Docker.RunAsync("run -d --name before busybox sleep 1000")).Expect(0);
        (await daemon.Docker.ScriptAsync("run -di --name ends busybox", "read line; exit 7")).Expect(0);
        var layer = (string)JsonNode.Parse((await daemon.Docker.RunAsync("image", "inspect", id)).Expect(0).Output)![0]!["GraphDriver"]!["Data"]!["UpperDir"]!;

        // In the layer lies another file system, and that one holds whoever removes a file of it.
        await MountDiskAsync(Path.Combine(layer, "slow"));
        Task<ShellResult>? prune = null;
        try
        {
            (await Shell.RunAsync("fsfreeze", ["-f", Disk])).Expect(0);
            prune = Shell.RunAsync(daemon.Docker.Program, ["image", "prune", "-f"], environment: daemon.Docker.Environment, limit: TimeSpan.FromMinutes(20));
            await Eventually.HoldsAsync("the layer is out of sight", () => !Directory.Exists(layer));

            (await daemon.Docker.RunAsync("info")).Expect(0);
            (await daemon.Docker.RunAsync("run --rm busybox true")).Expect(0);
            (await daemon.Docker.RunAsync("kill before")).Expect(0);
            (await daemon.Docker.RunAsync("wait before")).Expect(0);
            (await daemon.Docker.InputAsync("attach ends", "go\n"u8.ToArray())).Expect(7);
            (await daemon.Docker.RunAsync("rm before")).Expect(0);
            (await daemon.Docker.RunAsync("tag busybox again:v1")).Expect(0);
            (await daemon.Docker.RunAsync("rmi again:v1 other:v1")).Expect(0);
            (await daemon.Docker.InputAsync("import - new:v1", new HostileArchive().File("h", "z").ToArray())).Expect(0);
            (await daemon.Docker.RunAsync("image prune -f")).Expect(0);
            (await daemon.Docker.RunAsync("system df")).Expect(0);
            Assert.DoesNotContain(id[7..19], (await daemon.Docker.RunAsync("images -aq")).Expect(0).Lines);
            Assert.False(prune.IsCompleted, "the removal was held");
        }
        finally
        {
            await ReleaseDiskAsync(daemon.DataRoot);
        }

        Assert.Contains($"deleted: {id}", (await prune).Expect(0).Lines);
        Assert.Empty(Directory.GetDirectories(Path.Combine(daemon.DataRoot, "layers", "tmp")).SelectMany(Directory.GetFileSystemEntries));
    }

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("umount", ["-l", Disk]);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MountDiskAsync(string place)
    {
        Directory.CreateDirectory(Disk);
        var image = Path.Combine(_folder, "image");
        await using (var file = File.Create(image))
        {
            file.SetLength(8 << 20);
        }

        (await Shell.RunAsync("mkfs.ext4", ["-q", image])).Expect(0);
        (await Shell.RunAsync("mount", ["-o", "loop", image, Disk])).Expect(0);
        await File.WriteAllTextAsync(Path.Combine(Disk, "file"), "held");
        (await Shell.RunAsync("mount", ["--bind", Disk, place])).Expect(0);
    }

    private async Task ReleaseDiskAsync(string dataRoot)
    {
        // First off the layer, wherever that is now: a directory that something is mounted on cannot be removed.
        foreach (var line in await File.ReadAllLinesAsync("/proc/self/mounts"))
        {
            if (line.Split(' ')[1] is var place && place.StartsWith(dataRoot, StringComparison.Ordinal) && place.EndsWith("/slow", StringComparison.Ordinal))
            {
                await Shell.RunAsync("umount", ["-l", place]);
            }
        }

        await Shell.RunAsync("fsfreeze", ["-u", Disk]);
    }
}
