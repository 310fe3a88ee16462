using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>A data root without one free block: the daemon starts, and room can be made with it (issue 9, number 13).</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private Daemon? _daemon;

    private Daemon Daemon => _daemon!;

    private Client Docker => Daemon.Docker;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd needs free blocks");
        _daemon = await Daemon.StartAsync();
        await Daemon.TerminateAsync();
        var disk = Path.Combine(Daemon.Folder, "disk");
        (await Shell.RunAsync("truncate", ["-s", "64M", disk])).Expect(0);
        (await Shell.RunAsync("/sbin/mkfs.ext4", ["-q", "-m", "0", disk])).Expect(0);
        var mount = await Shell.RunAsync("mount", ["-o", "loop", disk, Daemon.DataRoot]);
        Assert.SkipUnless(mount.ExitCode == 0, $"no loop device: {mount.Error}");
        await Daemon.StartProcessAsync();
        (await Docker.RunAsync("import", await Busybox.TarAsync(), "busybox:latest")).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            // Where the test failed in between: what fills the disk must not keep the daemon from being ended in order.
            File.Delete(Path.Combine(Daemon.DataRoot, "filler"));
            await Docker.RunAsync("ps -aq").ContinueWith(async all => await Docker.RunAsync(["rm", "-f", "-v", .. all.Result.Lines])).Unwrap();
            if (!Daemon.Process.HasExited)
            {
                await Daemon.TerminateAsync();
            }

            await Shell.RunAsync("umount", ["-l", Daemon.DataRoot]);
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_daemon_starts_without_a_free_block_and_makes_room()
    {
        (await Docker.RunAsync("run", "-d", "--name", "running", "busybox", "sh", "-c", "while :; do echo line; sleep 0.05; done")).Expect(0);
        (await Docker.RunAsync("run --name large busybox dd if=/dev/urandom of=/large bs=1M count=4")).Expect(0);
        (await Docker.RunAsync("run --name second busybox dd if=/dev/urandom of=/large bs=1M count=4")).Expect(0);
        (await Docker.RunAsync("run --rm -v full:/v busybox dd if=/dev/urandom of=/v/large bs=1M count=4")).Expect(0);
        (await Docker.RunAsync("run --name anonymous -v /v busybox dd if=/dev/urandom of=/v/large bs=1M count=4")).Expect(0);
        (await Docker.RunAsync("rm anonymous")).Expect(0);
        (await Docker.RunAsync("commit second large-image:v1")).Expect(0);
        await Daemon.KillAsync();
        File.Delete(Path.Combine(Daemon.DataRoot, "engine-id"));
        File.Delete(Path.Combine(Daemon.DataRoot, "images", "oci-layout"));
        await FillAsync();

        await Daemon.StartProcessAsync();
        var id = (await Docker.RunAsync("info -f {{.ID}}")).Expect(0).Line;
        Assert.NotEmpty(id);
        Assert.Contains("level=error msg=\"the engine's id cannot be written", Daemon.Log, StringComparison.Ordinal);
        (await Docker.RunAsync("ps -a")).Expect(0);
        (await Docker.RunAsync("exec running true")).Expect(0);
        await FillAsync();
        (await Docker.RunAsync("stop -t 0 running")).Expect(0);
        await FillAsync();
        await FreesAsync("rm large");
        await FillAsync();
        await FreesAsync("rmi large-image:v1");
        await FillAsync();
        await FreesAsync("container prune -f");
        await FillAsync();
        await FreesAsync("volume prune -f");
        await FillAsync();
        Assert.Empty((await Docker.RunAsync("ps -aq")).Expect(0).Lines);

        // Killed now, the next daemon finds what is true.
        await Eventually.HoldsAsync("it was told that nothing is left", () => Daemon.Log.Length > 0);
        File.Delete(Path.Combine(Daemon.DataRoot, "filler"));
        await Eventually.HoldsAsync("what could not be written is written", () => File.Exists(Path.Combine(Daemon.DataRoot, "engine-id")));
        await Daemon.KillAsync();
        await Daemon.StartProcessAsync();
        Assert.Equal(id, (await Docker.RunAsync("info -f {{.ID}}")).Expect(0).Line);
        Assert.Equal("busybox", (await Docker.RunAsync("images --format {{.Repository}}")).Expect(0).Line);
        (await Docker.RunAsync("run --rm busybox true")).Expect(0);
    }

    [Fact]
    public async Task A_list_of_images_that_could_not_be_written_is_written_when_there_is_room()
    {
        (await Docker.RunAsync("tag busybox further:v1")).Expect(0);
        await FillAsync();
        (await Docker.RunAsync("rmi further:v1")).Expect(0);
        Assert.Equal("busybox", (await Docker.RunAsync("images --format {{.Repository}}")).Expect(0).Line);
        File.Delete(Path.Combine(Daemon.DataRoot, "filler"));
        await Eventually.HoldsAsync("the list is written", () =>
            !File.ReadAllText(Path.Combine(Daemon.DataRoot, "images/index.json")).Contains("further", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_a_log_that_are_lost_are_told_of_once()
    {
        (await Docker.RunAsync("run", "-d", "--name", "chatty", "--network", "none", "busybox", "sh", "-c", "while :; do head -c 3000 /dev/zero | tr '\\0' x; echo; sleep 0.01; done")).Expect(0);
        await FillAsync();
        await Eventually.HoldsAsync("it is told", () => Lost() > 0);
        var id = (await Docker.RunAsync("inspect -f {{.Id}} chatty")).Expect(0).Line;
        Assert.Contains($"container=\"{id}\"", Daemon.Log.Split('\n').Single(line => line.Contains("log are lost", StringComparison.Ordinal)), StringComparison.Ordinal);
        var state = JsonNode.Parse((await Docker.RunAsync("inspect chatty")).Expect(0).Output)![0]!["State"]!;
        Assert.True((bool)state["Running"]!, "the container ended because its log could not be written");
        (await Docker.RunAsync("rm -f chatty")).Expect(0);
        Assert.Equal(1, Lost());
    }

    private int Lost() => Daemon.Log.Split('\n').Count(line => line.Contains("lines of a container's log are lost", StringComparison.Ordinal));

    /// <summary>Carries out what is to make room, and looks whether it did.</summary>
    private async Task FreesAsync(string command)
    {
        var before = new DriveInfo(Daemon.DataRoot).AvailableFreeSpace;
        (await Docker.RunAsync(command)).Expect(0);
        await Eventually.HoldsAsync($"{command} makes room", () => new DriveInfo(Daemon.DataRoot).AvailableFreeSpace > before + (2 << 20));
    }

    /// <summary>Fills the file system to its last block.</summary>
    private async Task FillAsync()
    {
        await Shell.RunAsync("sh", ["-c", "dd if=/dev/zero bs=64k 2>/dev/null >> \"$1\"; dd if=/dev/zero bs=512 2>/dev/null >> \"$1\"; sync -f \"$1\"; dd if=/dev/zero bs=512 2>/dev/null >> \"$1\"; true", "sh", Path.Combine(Daemon.DataRoot, "filler")]);
        Assert.Equal(0, new DriveInfo(Daemon.DataRoot).AvailableFreeSpace);
    }
}
