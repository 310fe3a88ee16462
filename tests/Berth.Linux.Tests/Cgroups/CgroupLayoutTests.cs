using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupLayoutTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("berth-cgroups-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Each_v1_hierarchy_has_its_controllers()
    {
        var layout = CgroupLayout.Parse(
            """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            33 31 0:30 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd
            34 31 0:29 / /somewhere/else rw,relatime - cgroup cgroup rw,cpu,cpuacct

            """, _root);
        Assert.Equal(["cpu cpuacct", "name=systemd"], layout.Hierarchies.Select(h => string.Join(' ', h.Controllers)));
        Assert.Equal($"{_root}/sys/fs/cgroup/cpu,cpuacct", layout.Find("cpuacct")!.MountPoint);
        Assert.Null(layout.Unified);
        Assert.Null(layout.Find("memory"));
    }

    [Fact]
    public void A_hybrid_layout_has_the_rest_on_v2()
    {
        MakeUnified("sys/fs/cgroup/my unified", "hugetlb\n");
        var layout = CgroupLayout.Parse(
            """
            41 31 0:38 / /sys/fs/cgroup/my\040unified rw,relatime - cgroup2 cgroup2 rw
            32 31 0:29 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            """, _root);
        Assert.False(layout.IsPureUnified);
        Assert.Same(layout.Unified, layout.Find("hugetlb"));
        Assert.False(layout.Find("memory")!.IsUnified);
        Assert.True(layout.Hierarchies[^1].IsUnified);
    }

    [Fact]
    public void Limits_on_v2_are_written_to_its_files()
    {
        var cgroup = MakeUnified("sys/fs/cgroup", "cpu memory pids\n") + "/berth/one";
        Directory.CreateDirectory(cgroup);
        foreach (var file in new[] { "memory.max", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max", "memory.high" })
        {
            File.WriteAllText($"{cgroup}/{file}", "");
        }

        var layout = CgroupLayout.Parse("41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw", _root);
        using var opened = Cgroup.TryOpen(layout, "/berth/one")!;
        opened.Apply(new CgroupLimits
        {
            Memory = 1000,
            MemoryAndSwap = 1500,
            CpuQuota = 20_000,
            CpuShares = 1024,
            Processes = -1,
            Unified = new Dictionary<string, string> { ["memory.high"] = "900" },
        });
        Assert.Equal(
            ["1000", "500", "20000 100000", "100", "max", "900"],
            new[] { "memory.max", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max", "memory.high" }.Select(f => File.ReadAllText($"{cgroup}/{f}")));
        Assert.Throws<LinuxException>(() => opened.Apply(new CgroupLimits { Unified = new Dictionary<string, string> { ["../memory.max"] = "1" } }));
        Assert.Throws<LinuxException>(() => opened.Apply(new CgroupLimits { Cpus = "0" }));
    }

    [Fact]
    public void Controllers_are_handed_down_to_a_new_v2_cgroup()
    {
        var root = MakeUnified("sys/fs/cgroup", "cpu memory pids\n");
        File.WriteAllText($"{root}/cgroup.subtree_control", "cpu ");
        Directory.CreateDirectory($"{root}/berth/one");
        File.WriteAllText($"{root}/berth/cgroup.subtree_control", "");
        File.WriteAllText($"{root}/berth/one/cgroup.controllers", "");
        using var cgroup = Cgroup.Create(CgroupLayout.Parse("41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw", _root), "/berth/one");
        Assert.Equal("+memory +pids", File.ReadAllText($"{root}/cgroup.subtree_control"));
        Assert.Equal("+cpu +memory +pids", File.ReadAllText($"{root}/berth/cgroup.subtree_control"));
    }

    [Theory]
    [InlineData(0ul, 1ul)]
    [InlineData(2ul, 1ul)]
    [InlineData(1024ul, 100ul)]
    [InlineData(262144ul, 10000ul)]
    [InlineData(ulong.MaxValue, 10000ul)]
    public void Shares_become_a_weight(ulong shares, ulong weight) => Assert.Equal(weight, UnifiedLimits.Weight(shares));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("relative")]
    [InlineData("/a/../b")]
    [InlineData("/a//b")]
    public void A_path_that_leads_elsewhere_is_refused(string path) =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Cgroup.TryOpen(new CgroupLayout([]), path)).Errno);

    private string MakeUnified(string path, string controllers)
    {
        var directory = Directory.CreateDirectory($"{_root}/{path}").FullName;
        File.WriteAllText($"{directory}/cgroup.controllers", controllers);
        return directory;
    }
}
