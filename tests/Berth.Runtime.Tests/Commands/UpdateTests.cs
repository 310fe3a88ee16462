namespace Berth.Runtime.Tests.Commands;

public sealed class UpdateTests
{
    [Fact]
    public async Task Limits_change_while_the_container_runs()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(0, (await container.CommandAsync("update", "--pids-limit", "77", "--memory", "67108864")).ExitCode);
        var limits = await container.ExecAsync(
            "sh", "-c", "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true");
        Assert.Equal("77\n67108864\n", limits.Output);
    }
}
