using System.Text.Json;
using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Cgroups;

/// <summary>What a container's cgroup does to it, on the real kernel.</summary>
public sealed class ContainerCgroupTests
{
    // A number that the kernel gives to no driver of its own: where it may be opened, there is no such device, whatever else forbids.
    private const string Nobodys = "240 77";

    [Fact]
    public async Task A_device_that_no_rule_allows_can_be_made_but_not_opened()
    {
        await using var container = TestContainer.Of(
            $"mknod /tmp/none c {Nobodys} && mknod /tmp/null c 1 3 && ls /tmp; echo > /tmp/null && echo null opens; cat /tmp/none",
            s => s with
            {
                Linux = s.Linux! with { Resources = new OciResources { Devices = [new OciDeviceRule { Allow = false, Access = "rwm" }] } },
                // A tmpfs with nodev would refuse them all.
                Mounts = [.. s.Mounts!.Where(m => m.Destination != "/tmp"), TestContainer.Mount("/tmp", "tmpfs", "tmpfs")],
            });
        var result = await container.RunAsync();
        Assert.Equal("none\nnull\nnull opens\n", result.Output);
        Assert.Contains("Operation not permitted", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"devices":[]}""")]
    public async Task A_bundle_without_rules_opens_no_device_but_the_usual(string? resources)
    {
        await using var container = TestContainer.Of(
            $"mknod /tmp/none c {Nobodys} && mknod /tmp/null c 1 3; echo > /tmp/null && echo null opens; cat /tmp/none",
            s => s with
            {
                Linux = s.Linux! with { Resources = resources is null ? null : JsonSerializer.Deserialize(resources, OciRuntimeJson.Default.OciResources) },
                Mounts = [.. s.Mounts!.Where(m => m.Destination != "/tmp"), TestContainer.Mount("/tmp", "tmpfs", "tmpfs")],
            });
        var result = await container.RunAsync();
        Assert.Equal("null opens\n", result.Output);
        Assert.Contains("Operation not permitted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_memory_than_its_limit_ends_a_container()
    {
        const long limit = 16 * 1024 * 1024;
        await using var container = TestContainer.Of(
            "dd if=/dev/zero of=/dev/null bs=64M count=1; echo $?",
            s => s with { Linux = s.Linux! with { Resources = new OciResources { Memory = new OciMemory { Limit = limit, Swap = limit } } } });
        var result = await container.RunAsync();
        Assert.EndsWith("137\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cgroups_that_were_made_inside_are_removed_with_it()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var layout = CgroupLayout.Read();
        var path = container.Spec.Linux!.CgroupsPath!;
        using (var inner = Cgroup.Create(layout, $"{path}/inner/most"))
        {
            Assert.All(layout.Hierarchies, h => Assert.True(Directory.Exists($"{h.MountPoint}{path}/inner/most")));
        }

        var deleted = await container.CommandAsync("delete", "--force");
        Assert.True(deleted.ExitCode == 0, deleted.Error);
        Assert.All(layout.Hierarchies, h => Assert.False(Directory.Exists(h.MountPoint + path)));
    }
}
