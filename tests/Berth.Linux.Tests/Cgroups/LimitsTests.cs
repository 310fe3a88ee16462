using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class LimitsTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Limits_are_in_the_files_of_the_kernel()
    {
        using var test = new TestCgroup();
        Assert.SkipUnless(test.Layout.Find("memory") is { IsUnified: false }, "no cgroup v1");
        test.Cgroup.Apply(new CgroupLimits
        {
            Memory = 64 * MiB,
            MemoryAndSwap = 96 * MiB,
            MemoryReservation = 32 * MiB,
            Swappiness = 10,
            CpuShares = 512,
            CpuQuota = 50_000,
            CpuPeriod = 100_000,
            Cpus = "0",
            Processes = 30,
            ReadBytesPerSecond = [],
        });
        string Read(string controller, string file) => File.ReadAllText($"{test.Path(controller)}/{file}").Trim();
        Assert.Equal("67108864", Read("memory", "memory.limit_in_bytes"));
        Assert.Equal("100663296", Read("memory", "memory.memsw.limit_in_bytes"));
        Assert.Equal("33554432", Read("memory", "memory.soft_limit_in_bytes"));
        Assert.Equal("10", Read("memory", "memory.swappiness"));
        Assert.Equal("512", Read("cpu", "cpu.shares"));
        Assert.Equal("50000", Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("0", Read("cpuset", "cpuset.cpus"));
        Assert.Equal("30", Read("pids", "pids.max"));
    }

    [Theory]
    [InlineData(64, 128, 256, 512)]
    [InlineData(256, 512, 64, 128)]
    [InlineData(64, 64, 65, 65)]
    public void Memory_is_raised_and_lowered_together_with_swap(long memory, long both, long thenMemory, long thenBoth)
    {
        using var test = new TestCgroup();
        Assert.SkipUnless(test.Layout.Find("memory") is { IsUnified: false }, "no cgroup v1");
        test.Cgroup.Apply(new CgroupLimits { Memory = memory * MiB, MemoryAndSwap = both * MiB });
        test.Cgroup.Apply(new CgroupLimits { Memory = thenMemory * MiB, MemoryAndSwap = thenBoth * MiB });
        Assert.Equal($"{thenMemory * MiB}\n", File.ReadAllText($"{test.Path("memory")}/memory.limit_in_bytes"));
        test.Cgroup.Apply(new CgroupLimits { Memory = -1 });
        test.Cgroup.Apply(new CgroupLimits { Memory = memory * MiB, MemoryAndSwap = both * MiB });
    }

    [Fact]
    public void Quota_and_period_change_in_either_direction()
    {
        using var test = new TestCgroup();
        Assert.SkipUnless(test.Layout.Find("cpu") is { IsUnified: false }, "no cgroup v1");
        test.Cgroup.Apply(new CgroupLimits { CpuQuota = 1_000, CpuPeriod = 1_000 });
        test.Cgroup.Apply(new CgroupLimits { CpuQuota = 1_000_000, CpuPeriod = 1_000_000 });
        test.Cgroup.Apply(new CgroupLimits { CpuQuota = 1_000, CpuPeriod = 1_000 });
        Assert.Equal("1000\n", File.ReadAllText($"{test.Path("cpu")}/cpu.cfs_period_us"));
    }

    [Fact]
    public void A_refused_limit_names_the_file_and_the_value()
    {
        using var test = new TestCgroup();
        var error = Assert.Throws<LinuxException>(() => test.Cgroup.Apply(new CgroupLimits { Cpus = "4000" }));
        Assert.Contains("cpuset.cpus", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"4000\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_v2_are_an_error_where_there_is_v1()
    {
        using var test = new TestCgroup();
        Assert.SkipWhen(test.Layout.IsPureUnified, "pure cgroup v2");
        var limits = new CgroupLimits { Unified = new Dictionary<string, string> { ["memory.high"] = "1" } };
        Assert.Throws<LinuxException>(() => test.Cgroup.Apply(limits));
    }

    [Fact]
    public void A_process_that_was_ended_for_want_of_memory_is_counted()
    {
        using var test = new TestCgroup();
        Assert.SkipWhen(test.Layout.Find("memory") is null, "no memory controller");
        test.Cgroup.Apply(new CgroupLimits { Memory = 8 * MiB, MemoryAndSwap = 8 * MiB });
        Assert.Equal(0, test.Cgroup.CountOutOfMemoryKills());
        // It waits until it was moved, then takes 64 MiB.
        var shell = test.Start("sh", "-c", $"while ! grep -q :{test.Cgroup.Path}$ /proc/self/cgroup; do :; done; sleep 0.1; exec dd if=/dev/zero of=/dev/null bs=64M count=1");
        Assert.True(shell.WaitForExit(10_000));
        Assert.Equal(137, shell.ExitCode);
        Assert.Equal(1, test.Cgroup.CountOutOfMemoryKills());
    }
}
