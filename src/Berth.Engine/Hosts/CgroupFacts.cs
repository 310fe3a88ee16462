namespace Berth.Engine.Hosts;

/// <summary>Which limits this machine's cgroups can set, for GET /info.</summary>
public sealed record CgroupFacts
{
    private const string Root = "/sys/fs/cgroup";

    private static CgroupFacts? _machine;

    /// <summary>This machine's, as they were when they were asked for first.</summary>
    public static CgroupFacts Machine => _machine ??= Read();

    /// <summary>1 (also where a v2 hierarchy without the controllers stands beside) or 2.</summary>
    public required string Version { get; init; }

    public bool Memory { get; init; }

    public bool Swap { get; init; }

    /// <summary>v1 only.</summary>
    public bool Swappiness { get; init; }

    /// <summary>v1 only.</summary>
    public bool OomKillDisable { get; init; }

    public bool CpuShares { get; init; }

    public bool CpuPeriod { get; init; }

    public bool CpuQuota { get; init; }

    /// <summary>v1 only, and not in every kernel.</summary>
    public bool CpuRealtime { get; init; }

    public bool CpuSet { get; init; }

    public bool Pids { get; init; }

    public static CgroupFacts Read()
    {
        if (File.Exists($"{Root}/cgroup.controllers"))
        {
            var controllers = File.ReadAllText($"{Root}/cgroup.controllers").Split(' ', '\n');
            return new CgroupFacts
            {
                Version = "2",
                Memory = controllers.Contains("memory"),
                Swap = controllers.Contains("memory") && File.Exists("/proc/swaps"),
                CpuShares = controllers.Contains("cpu"),
                CpuPeriod = controllers.Contains("cpu"),
                CpuQuota = controllers.Contains("cpu"),
                CpuSet = controllers.Contains("cpuset"),
                Pids = controllers.Contains("pids"),
            };
        }

        return new CgroupFacts
        {
            Version = "1",
            Memory = File.Exists($"{Root}/memory/memory.limit_in_bytes"),
            Swap = File.Exists($"{Root}/memory/memory.memsw.limit_in_bytes"),
            Swappiness = File.Exists($"{Root}/memory/memory.swappiness"),
            OomKillDisable = File.Exists($"{Root}/memory/memory.oom_control"),
            CpuShares = File.Exists($"{Root}/cpu/cpu.shares"),
            CpuPeriod = File.Exists($"{Root}/cpu/cpu.cfs_period_us"),
            CpuQuota = File.Exists($"{Root}/cpu/cpu.cfs_quota_us"),
            CpuRealtime = File.Exists($"{Root}/cpu/cpu.rt_period_us"),
            CpuSet = File.Exists($"{Root}/cpuset/cpuset.cpus"),
            Pids = Directory.Exists($"{Root}/pids"),
        };
    }

    /// <summary>What a user must know who sets limits here, in Docker's words.</summary>
    public IEnumerable<string> Warnings()
    {
        var missing = new (bool Supported, string Name)[]
        {
            (Memory, "memory limit"),
            (Swap, "swap limit"),
            (OomKillDisable || Version == "2", "oom kill disable"),
            (CpuQuota, "cpu cfs quota"),
            (CpuPeriod, "cpu cfs period"),
            (CpuShares, "cpu shares"),
            (CpuSet, "cpuset"),
        };
        return missing.Where(m => !m.Supported).Select(m => $"WARNING: No {m.Name} support");
    }
}
