using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>An image chooses where its volumes go, also by links. Nothing goes over what decides about the host.</summary>
public sealed class MountPlaceTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Swappiness = "/proc/sys/vm/swappiness";

    [Theory]
    [InlineData("/proc", "", "/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("/proc/1", "", "/proc/1\" cannot be mounted because it is inside /proc")]
    [InlineData("/x", "/proc", "/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("/x", "/proc/1", "/proc/1\" cannot be mounted because it is inside /proc")]
    [InlineData("/x", "/proc/../proc/1", "/proc/1\" cannot be mounted because it is inside /proc")]
    [InlineData("/x", "/proc/self", "cannot be mounted because it is inside /proc")]
    [InlineData("/x", "/proc/self/fd", "/fd\" cannot be mounted because it is inside /proc")]
    [InlineData("/x", "/proc/sys/net", "/proc/sys/net\" cannot be mounted because it is inside /proc")]
    [InlineData("/x/sys", "/proc", "/proc/sys\" cannot be mounted because it is inside /proc")]
    public async Task A_volume_over_proc_is_refused(string volume, string link, string reason)
    {
        var image = await ImageAsync(volume, link.Length == 0 ? new HostileArchive() : new HostileArchive().Link("x", link));
        var run = (await Docker.RunAsync($"run --rm {image} true")).Expect(125);
        Assert.Contains($"to rootfs at \"{volume}\": ", run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    /// <remarks>As runc: only /proc is what writes of the engine's own go to.</remarks>
    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/kernel")]
    [InlineData("/dev")]
    [InlineData("/dev/pts")]
    [InlineData("/dev/shm")]
    public async Task A_volume_at_a_link_elsewhere_goes_where_the_link_leads(string place)
    {
        var image = await ImageAsync("/x", new HostileArchive().Link("x", place));
        var run = (await Docker.ScriptAsync($"run --rm {image}", "cat /proc/self/mountinfo")).Expect(0);
        Assert.Contains(run.Lines, line => line.Contains("/volumes/", StringComparison.Ordinal) && line.Split(' ')[4] == place);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    [Fact]
    public async Task An_image_does_not_turn_a_kernel_parameter_of_its_own_into_one_of_the_host()
    {
        var before = await File.ReadAllTextAsync(Swappiness);
        try
        {
            var image = await ImageAsync("/x", new HostileArchive()
                .Link("x", "/proc/sys/net").Link("proc/sys/net/ipv4/ip_unprivileged_port_start", Swappiness));
            (await Docker.RunAsync($"run --rm {image} true")).Expect(125);
            Assert.Equal(before, await File.ReadAllTextAsync(Swappiness));
            (await Docker.RunAsync($"rmi {image}")).Expect(0);
        }
        finally
        {
            await File.WriteAllTextAsync(Swappiness, before);
        }
    }

    [Fact]
    public async Task A_directory_of_the_host_goes_over_proc_no_more_than_a_volume_does()
    {
        var folder = Directory.CreateTempSubdirectory("berth-proc-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "f"), "mine\n");
        Assert.Contains("not of type proc", (await Docker.RunAsync($"run --rm -v {folder}:/proc busybox true")).Expect(125).Error, StringComparison.Ordinal);
        Assert.Contains("inside /proc", (await Docker.RunAsync($"run --rm -v {folder}:/proc/sys busybox true")).Expect(125).Error, StringComparison.Ordinal);
        Assert.Contains("inside /proc", (await Docker.RunAsync($"run --rm -v {folder}/f:/proc/version busybox true")).Expect(125).Error, StringComparison.Ordinal);

        // lxcfs does this, and the host's own /proc may be shown.
        Assert.Equal("mine", (await Docker.RunAsync($"run --rm -v {folder}/f:/proc/uptime busybox cat /proc/uptime")).Expect(0).Line);
        (await Docker.RunAsync("run --rm --pid host -v /proc:/proc busybox test -d /proc/1")).Expect(0);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>busybox with a layer over it, and one volume.</summary>
    private async Task<string> ImageAsync(string volume, HostileArchive layer)
    {
        var name = $"mount-place-{Guid.NewGuid():N}:v1";
        using var archive = await ImageArchives.OfLayersAsync(
            name, [await File.ReadAllBytesAsync(await Busybox.TarAsync()), layer.ToArray()], "{\"Env\":[\"PATH=/bin\"],\"Volumes\":{\"" + volume + "\":{}}}");
        (await Docker.RunAsync($"load -i {archive.Path}")).Expect(0);
        return name;
    }
}
