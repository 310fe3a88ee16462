using System.Security.Cryptography;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>The machine goes down before an image has come to the disk, or the disk is full.</summary>
public sealed class ImageDurabilityTests : IAsyncLifetime
{
    private Daemon? _daemon;

    private Daemon Daemon => _daemon!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's store");
        _daemon = await Daemon.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("zeros")]
    public async Task An_image_whose_blob_was_torn_by_a_power_failure_is_gone_and_can_be_loaded_again(string damage)
    {
        using var archive = await ImageArchives.DockerArchiveAsync("torn:v1");
        var before = Blobs();
        (await Daemon.Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        await Daemon.KillAsync();
        FailPower();
        var blob = Blobs().Except(before).MaxBy(b => new FileInfo(b).Length)!;
        await File.WriteAllBytesAsync(blob, damage == "zeros" ? new byte[new FileInfo(blob).Length] : []);
        await Daemon.StartProcessAsync();
        Assert.Equal("busybox", (await Daemon.Docker.RunAsync("images --format {{.Repository}}")).Expect(0).Line);
        await Eventually.HoldsAsync("the log tells of it", () =>
            Daemon.Log.Contains($"a blob was damaged when the machine went down\" blob=\"sha256:{Path.GetFileName(blob)}\"", StringComparison.Ordinal)
            && Daemon.Log.Contains("docker.io/library/torn:v1", StringComparison.Ordinal));
        await Eventually.HoldsAsync("what is left of it is collected", () => Blobs().SetEquals(before));
        (await Daemon.Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        Assert.Equal("from the archive", (await Daemon.Docker.RunAsync("run --rm torn:v1")).Expect(0).Line);
    }

    [Fact]
    public async Task A_layer_that_was_torn_by_a_power_failure_is_unpacked_again()
    {
        using var archive = await ImageArchives.DockerArchiveAsync("torn:v1");
        (await Daemon.Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        await Daemon.KillAsync();
        FailPower();
        var file = Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "layers"), "motto", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "");
        await Daemon.StartProcessAsync();
        Assert.Equal("from the archive", (await Daemon.Docker.RunAsync("run --rm torn:v1")).Expect(0).Line);
        (await Daemon.Docker.RunAsync("run --rm busybox true")).Expect(0);
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_error_and_leaves_the_store_as_it_was()
    {
        using var small = await ImageArchives.DockerArchiveAsync("small:v1");
        using var large = await ImageArchives.DockerArchiveAsync("large:v1", RandomNumberGenerator.GetBytes(48 << 20));
        await Daemon.TerminateAsync();
        (await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "size=64m", "berth-test", Daemon.DataRoot])).Expect(0);
        try
        {
            await Daemon.StartProcessAsync();
            (await Daemon.Docker.RunAsync("load", "-i", small.Path)).Expect(0);
            var before = Blobs();
            foreach (var client in new[] { Daemon.Docker, Daemon.Berth })
            {
                var load = (await client.RunAsync("load", "-i", large.Path)).Expect(1);
                Assert.Contains("no space left on device", load.Error, StringComparison.OrdinalIgnoreCase);
                Assert.Equal("small:v1", (await client.RunAsync("images --format {{.Repository}}:{{.Tag}}")).Expect(0).Line);
            }

            await Eventually.HoldsAsync("nothing of it is left", () => Blobs().SetEquals(before)
                && Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "images/tmp"), "*", SearchOption.AllDirectories).Concat(
                    Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "layers/tmp"), "*", SearchOption.AllDirectories)).Any() is false);
            Assert.Equal("from the archive", (await Daemon.Docker.RunAsync("run --rm small:v1")).Expect(0).Line);
            (await Daemon.Docker.RunAsync("rmi small:v1")).Expect(0);
            (await Daemon.Docker.RunAsync("load", "-i", small.Path)).Expect(0);
            await Daemon.TerminateAsync();
        }
        finally
        {
            (await Shell.RunAsync("umount", ["-l", Daemon.DataRoot])).Expect(0);
        }
    }

    private HashSet<string> Blobs() => [.. Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "images/blobs/sha256"))];

    /// <summary>The next daemon finds the records of another boot.</summary>
    private void FailPower()
    {
        foreach (var record in (string[])["images/synced", "layers/synced"])
        {
            var path = Path.Combine(Daemon.DataRoot, record);
            File.WriteAllLines(path, ["boot 00000000-0000-0000-0000-000000000000", .. File.ReadAllLines(path).Skip(1)]);
        }
    }
}
