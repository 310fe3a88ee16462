using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>The flags that limit what a container may use: what was asked for stands in its cgroup.</summary>
public sealed class ResourceFlagTests(SharedDaemon shared) : EndToEndTest(shared)
{
    /// <summary>Prints the first that is there of several files of the container's cgroup, of v1 and of v2.</summary>
    private const string Show = "show() { for f in \"$@\"; do test -e /sys/fs/cgroup/$f && cat /sys/fs/cgroup/$f && return; done; echo none; }; ";

    public static TheoryData<string, string, string, string> Limits
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var client in (string[])["docker", "berth"])
            {
                data.Add(client, "--cpu-period 50000 --cpu-quota 20000", "show cpu/cpu.cfs_period_us cpu.max; show cpu/cpu.cfs_quota_us cpu.max", "50000 20000|20000 50000 20000 50000");
                data.Add(client, "--cpu-shares 512", "show cpu/cpu.shares cpu.weight", "512|20|59");
                data.Add(client, "--cpuset-cpus 0 --cpuset-mems 0", "show cpuset/cpuset.cpus cpuset.cpus; show cpuset/cpuset.mems cpuset.mems", "0 0");
                data.Add(client, "--blkio-weight 300", "show blkio/blkio.bfq.weight blkio/blkio.weight io.bfq.weight io.weight", "300|default 300|default 2931|none");
                data.Add(client, "-m 64m --memory-reservation 32m", "show memory/memory.soft_limit_in_bytes memory.low", "33554432");
                data.Add(client, "-m 64m --memory-swap 96m", "show memory/memory.memsw.limit_in_bytes memory.swap.max", "100663296|33554432|none");
                data.Add(client, "-m 64m --memory-swappiness 10", "show memory/memory.swappiness; true", "10|none");
                data.Add(client, "-m 64m --oom-kill-disable", "show memory/memory.oom_control | head -1", "oom_kill_disable 1|none");
                data.Add(client, "--oom-score-adj 500", "cat /proc/self/oom_score_adj", "500");
                data.Add(client, "--pids-limit 33", "show pids/pids.max pids.max", "33");
                data.Add(client, "--ulimit nofile=100:200 --ulimit core=0", "ulimit -n; ulimit -Hn; ulimit -c", "100 200 0");
                data.Add(client, "--shm-size 8m", "df -k /dev/shm | tail -1 | awk '{ print $2 }'", "8192");
                data.Add(client, "--kernel-memory 64m", "echo accepted", "accepted");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_limit_holds_in_the_container(string client, string options, string script, string expected)
    {
        var run = (await Client(client).ScriptAsync($"run --rm {options} busybox", Show + script)).Expect(0);
        Assert.Contains(string.Join(' ', run.Lines), expected.Split('|'));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Rates_and_weights_of_devices_reach_the_configuration_and_the_cgroup(string client)
    {
        var device = new FileInfo("/dev/loop0").Exists ? "/dev/loop0" : "/dev/vda";
        var name = NewName();
        (await Client(client).RunAsync(
            $"create --name {name} --device-read-bps {device}:1mb --device-write-bps {device}:2mb --device-read-iops {device}:10 --device-write-iops {device}:20 "
            + $"--blkio-weight-device {device}:200 busybox true")).Expect(0);
        var host = (await InspectAsync(name))["HostConfig"]!;
        Assert.Equal(1 << 20, (long)host["BlkioDeviceReadBps"]![0]!["Rate"]!);
        Assert.Equal(2 << 20, (long)host["BlkioDeviceWriteBps"]![0]!["Rate"]!);
        Assert.Equal(10, (long)host["BlkioDeviceReadIOps"]![0]!["Rate"]!);
        Assert.Equal(20, (long)host["BlkioDeviceWriteIOps"]![0]!["Rate"]!);
        Assert.Equal((device, 200), ((string)host["BlkioWeightDevice"]![0]!["Path"]!, (int)host["BlkioWeightDevice"]![0]!["Weight"]!));

        var rates = (await Client(client).ScriptAsync(
            $"run --rm --device-read-bps {device}:1mb --device-write-iops {device}:20 busybox",
            "cd /sys/fs/cgroup; cat blkio/blkio.throttle.read_bps_device blkio/blkio.throttle.write_iops_device 2>/dev/null || cat io.max")).Expect(0).Output;
        Assert.Contains("1048576", rates, StringComparison.Ordinal);
        Assert.Contains("20\n", rates.Replace(' ', '\n'), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_real_time_limit_is_kept_where_the_kernel_has_it_and_refused_elsewhere(string client)
    {
        var name = NewName();
        var created = await Client(client).RunAsync($"create --name {name} --cpu-rt-period 900000 --cpu-rt-runtime 1000 busybox true");
        if (File.Exists("/sys/fs/cgroup/cpu/cpu.rt_period_us"))
        {
            created.Expect(0);
            var host = (await InspectAsync(name))["HostConfig"]!;
            Assert.Equal((900000, 1000), ((long)host["CpuRealtimePeriod"]!, (long)host["CpuRealtimeRuntime"]!));
        }
        else
        {
            Assert.Contains("Your kernel does not support CPU real-time scheduler", created.Expect(1).Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task What_v2_cannot_limit_is_dropped_with_a_warning(string client)
    {
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/cgroup.controllers"), "needs pure cgroup v2: v1 has these limits");
        var name = NewName();
        var created = (await Client(client).RunAsync($"create --name {name} -m 64m --memory-swappiness 10 --oom-kill-disable busybox true")).Expect(0);
        Assert.Contains("Memory swappiness discarded.", created.Error, StringComparison.Ordinal);
        Assert.Contains("OomKillDisable discarded.", created.Error, StringComparison.Ordinal);
        var host = (await InspectAsync(name))["HostConfig"]!;
        Assert.Null(host["MemorySwappiness"]);
        Assert.Null(host["OomKillDisable"]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Update_takes_every_limit_of_a_running_container(string client)
    {
        var name = await RunSleeperAsync("-m 64m --memory-swap 64m");
        foreach (var (flag, field, value) in ((string, string, long)[])
            [
                ("--blkio-weight 200", "BlkioWeight", 200), ("--cpu-rt-period 950000", "CpuRealtimePeriod", 950000),
                ("--cpu-rt-runtime 0", "CpuRealtimeRuntime", 0), ("--cpus 0.5", "NanoCpus", 500_000_000),
                ("--memory-swap 128m", "MemorySwap", 128 << 20), ("--memory-reservation 16m", "MemoryReservation", 16 << 20),
            ])
        {
            Assert.Equal(name, (await Client(client).RunAsync($"update {flag} {name}")).Expect(0).Line);
            Assert.Equal(value, (long)(await InspectAsync(name))["HostConfig"]![field]!);
        }

        (await Client(client).RunAsync($"update --cpuset-mems 0 --kernel-memory 32m {name}")).Expect(0);
        Assert.Equal("0", (string)(await InspectAsync(name))["HostConfig"]!["CpusetMems"]!);
        var quota = (await Docker.ScriptAsync($"exec {name}", "cd /sys/fs/cgroup; cat cpu/cpu.cfs_quota_us 2>/dev/null || cut -d' ' -f1 cpu.max; cat memory/memory.soft_limit_in_bytes 2>/dev/null || cat memory.low")).Expect(0);
        Assert.Equal(["50000", "16777216"], quota.Lines);

        var other = await RunSleeperAsync();
        (await Client(client).RunAsync($"update --cpu-period 50000 --cpu-quota 10000 {other}")).Expect(0);
        Assert.Equal((50000, 10000), Quota((await InspectAsync(other))["HostConfig"]!));
        Assert.Contains("Nano CPUs cannot be updated as CPU Period has already been set", (await Client(client).RunAsync($"update --cpus 1 {other}")).Expect(1).Error, StringComparison.Ordinal);
    }

    private static (long, long) Quota(JsonNode host) => ((long)host["CpuPeriod"]!, (long)host["CpuQuota"]!);
}
