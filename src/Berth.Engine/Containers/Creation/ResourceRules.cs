using System.Globalization;
using Berth.Api.Containers;
using Berth.Engine.Hosts;

namespace Berth.Engine.Containers.Creation;

/// <summary>Refuses limits that the kernel would refuse, or that contradict each other.</summary>
internal static class ResourceRules
{
    private const long LeastMemory = 6 * 1024 * 1024;

    public static void Check(HostConfig host)
    {
        var problem = OfMemory(host) ?? OfCpu(host) ?? OfBlockIo(host);
        if (problem is not null)
        {
            throw ContainerErrors.Invalid(problem);
        }
    }

    /// <summary>The one limit that is no container's to go without where it cannot be set: who asks for it relies on it.</summary>
    public static void CheckRealtime(HostConfig host, CgroupFacts cgroups)
    {
        if (host is ({ CpuRealtimePeriod: > 0 } or { CpuRealtimeRuntime: > 0 }) && !cgroups.CpuRealtime)
        {
            throw ContainerErrors.Invalid("Your kernel does not support CPU real-time scheduler");
        }
    }

    private static string? OfMemory(HostConfig host) => host switch
    {
        { Memory: not 0 and < LeastMemory } => "Minimum memory limit allowed is 6MB",
        { Memory: > 0, MemorySwap: > 0 } when host.MemorySwap < host.Memory =>
            "Minimum memoryswap limit should be larger than memory limit, see usage",
        { Memory: 0, MemorySwap: > 0 } => "You should always set the Memory limit when using Memoryswap limit, see usage",
        { MemorySwappiness: < -1 or > 100 } =>
            $"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100",
        { MemoryReservation: > 0 and < LeastMemory } => "Minimum memory reservation allowed is 6MB",
        { Memory: > 0 } when host.MemoryReservation > host.Memory =>
            "Minimum memory limit can not be less than memory reservation limit, see usage",
        _ => null,
    };

    private static string? OfCpu(HostConfig host)
    {
        var processors = Environment.ProcessorCount;
        return host switch
        {
            { NanoCpus: > 0, CpuPeriod: > 0 } => "Conflicting options: Nano CPUs and CPU Period cannot both be set",
            { NanoCpus: > 0, CpuQuota: > 0 } => "Conflicting options: Nano CPUs and CPU Quota cannot both be set",
            { NanoCpus: not 0 } when host.NanoCpus < 0 || host.NanoCpus > processors * 1_000_000_000L =>
                $"range of CPUs is from 0.01 to {processors}.00, as there are only {processors} CPUs available",
            { CpuShares: < 0 } =>
                $"Invalid CPU shares ({host.CpuShares}): must not be negative",
            { CpuPeriod: not 0 and (< 1000 or > 1_000_000) } =>
                "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
            { CpuQuota: > 0 and < 1000 } => "CPU cfs quota can not be less than 1ms (i.e. 1000)",
            _ => OfSet(host.CpusetCpus, "cpus", "CPUs", "/sys/devices/system/cpu/online")
                ?? OfSet(host.CpusetMems, "mems", "memory nodes", "/sys/devices/system/node/online"),
        };
    }

    private static string? OfSet(string set, string what, string name, string availableFile)
    {
        if (set.Length == 0)
        {
            return null;
        }

        if (ParseSet(set) is not { } wanted)
        {
            return $"Invalid value {set} for cpuset {what}";
        }

        var text = File.Exists(availableFile) ? File.ReadAllText(availableFile).Trim() : "0";
        var available = ParseSet(text) ?? [];
        return wanted.IsSubsetOf(available)
            ? null
            : $"Requested {name} are not available - requested {set}, available: {text}";
    }

    /// <summary>Reads a list such as 0-3,7; null where it is none. The bound keeps a hostile range small.</summary>
    private static HashSet<int>? ParseSet(string text)
    {
        const int Most = 8192;
        var set = new HashSet<int>();
        foreach (var part in text.Split(','))
        {
            var range = part.Split('-');
            if (range.Length > 2
                || !int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || first > last || last >= Most)
            {
                return null;
            }

            set.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return set;
    }

    private static string? OfBlockIo(HostConfig host)
    {
        const string Range = "Range of blkio weight is from 10 to 1000";
        return host.BlkioWeight is not (0 or (>= 10 and <= 1000)) ? Range
            : host.BlkioWeightDevice?.Any(d => d.Weight is < 10 or > 1000) == true ? Range
            : null;
    }
}
