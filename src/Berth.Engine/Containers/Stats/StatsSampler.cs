using System.Globalization;
using Berth.Api.Containers;
using Berth.Engine.Containers.Specs;
using Berth.Linux.Cgroups;

namespace Berth.Engine.Containers.Stats;

/// <summary>Reads what containers use, out of cgroups and /proc: some thirty system calls for each container, and no process.</summary>
internal sealed class StatsSampler(EngineOptions options, TimeProvider time)
{
    private const ulong NanosecondsOfTick = 10_000_000;

    private readonly CgroupLayout _layout = CgroupLayout.Read();
    private readonly ulong _machineMemory = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>A sample of a container without a previous one. One that does not run has used nothing.</summary>
    public ContainerStats Sample(Container container)
    {
        var stats = new ContainerStats { Id = container.Id, Name = $"/{container.Name}" };
        if (container.State is not { HasProcess: true, Pid: var pid })
        {
            return stats;
        }

        using var cgroup = Cgroup.TryOpen(_layout, SpecBuilder.CgroupsPathOf(options, container), Cgroup.UsageControllers);
        if (cgroup is null)
        {
            return stats;
        }

        var usage = cgroup.ReadUsage();
        return stats with
        {
            Read = WireTime.Of(time.GetUtcNow()),
            Pids = new PidsStats { Current = usage.Processes, Limit = usage.ProcessLimit },
            Blkio = new BlkioStats { Bytes = EntriesOf(usage.IoBytes), Operations = EntriesOf(usage.IoOperations) },
            Cpu = new CpuStats
            {
                Usage = new CpuUsage { Total = usage.CpuTotal, Each = usage.CpuEach, Kernel = usage.CpuSystem, User = usage.CpuUser },
                System = ReadSystemTime(),
                Online = (uint)Environment.ProcessorCount,
                Throttling = new ThrottlingData { Periods = usage.Periods, ThrottledPeriods = usage.ThrottledPeriods, ThrottledTime = usage.ThrottledTime },
            },
            Memory = new MemoryStats
            {
                Usage = usage.Memory,
                Most = usage.MemoryMost,
                Details = usage.MemoryDetails,
                Failures = usage.MemoryFailures,
                Limit = Math.Min(usage.MemoryLimit, _machineMemory),
            },
            Networks = container.HostConfig.NetworkMode == NamespaceMode.Host ? null : NetworkCounters.Read(pid),
        };
    }

    /// <summary>The processor time of each of these that runs, and of the machine, in a few system calls each.</summary>
    public IReadOnlyDictionary<string, ContainerStats> SampleProcessors(IEnumerable<Container> containers)
    {
        var (read, system) = (WireTime.Of(time.GetUtcNow()), ReadSystemTime());
        var samples = new Dictionary<string, ContainerStats>();
        foreach (var container in containers.Where(c => c.State.HasProcess))
        {
            if (Cgroup.TryOpen(_layout, SpecBuilder.CgroupsPathOf(options, container), Cgroup.CpuControllers) is { } cgroup)
            {
                using (cgroup)
                {
                    samples[container.Id] = new ContainerStats
                    {
                        Read = read,
                        Cpu = new CpuStats { Usage = new CpuUsage { Total = cgroup.ReadCpuTotal() }, System = system, Online = (uint)Environment.ProcessorCount },
                    };
                }
            }
        }

        return samples;
    }

    private static IReadOnlyList<BlkioEntry>? EntriesOf(IReadOnlyList<CgroupIo> list) => list.Count == 0
        ? null
        : [.. list.Select(e => new BlkioEntry { Major = e.Major, Minor = e.Minor, Operation = e.Operation, Value = e.Value })];

    /// <summary>The time that all processors have counted, idle or not: the first seven fields of /proc/stat.</summary>
    private static ulong ReadSystemTime()
    {
        using var file = new StreamReader("/proc/stat");
        var words = (file.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = 0UL;
        foreach (var word in words.Skip(1).Take(7))
        {
            ticks += ulong.Parse(word, CultureInfo.InvariantCulture);
        }

        return ticks * NanosecondsOfTick;
    }
}
