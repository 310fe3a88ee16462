using Berth.Api.Containers;
using Berth.Engine.Containers.Specs;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Creation;

/// <summary>Lays an update over a container's configuration, by Docker's rules: what is zero or empty stays as it was.</summary>
internal static class HostConfigUpdate
{
    public static HostConfig Merge(HostConfig host, UpdateContainerRequest update)
    {
        Refuse(host, update);
        return host with
        {
            BlkioWeight = update.BlkioWeight != 0 ? update.BlkioWeight : host.BlkioWeight,
            CpuShares = Or(update.CpuShares, host.CpuShares),
            NanoCpus = Or(update.NanoCpus, host.NanoCpus),
            CpuPeriod = Or(update.CpuPeriod, host.CpuPeriod),
            CpuQuota = Or(update.CpuQuota, host.CpuQuota),
            CpuRealtimePeriod = Or(update.CpuRealtimePeriod, host.CpuRealtimePeriod),
            CpuRealtimeRuntime = Or(update.CpuRealtimeRuntime, host.CpuRealtimeRuntime),
            CpusetCpus = update.CpusetCpus.Length > 0 ? update.CpusetCpus : host.CpusetCpus,
            CpusetMems = update.CpusetMems.Length > 0 ? update.CpusetMems : host.CpusetMems,
            Memory = Or(update.Memory, host.Memory),
            MemoryReservation = Or(update.MemoryReservation, host.MemoryReservation),
            MemorySwap = Or(update.MemorySwap, host.MemorySwap),
            PidsLimit = update.PidsLimit is { } pids ? Math.Max(pids, 0) : host.PidsLimit,
            RestartPolicy = update.RestartPolicy is { Name.Length: > 0 } policy ? policy : host.RestartPolicy,
        };
    }

    /// <summary>The limits that a running container is to get; null where none changes.</summary>
    public static OciResources? ResourcesOf(HostConfig before, HostConfig host) =>
        host with { RestartPolicy = before.RestartPolicy } == before ? null : SpecBuilder.LimitsOf(host);

    private static void Refuse(HostConfig host, UpdateContainerRequest update)
    {
        var conflict = update switch
        {
            { NanoCpus: > 0 } when host.CpuPeriod > 0 => "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set",
            { NanoCpus: > 0 } when host.CpuQuota > 0 => "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set",
            { CpuPeriod: > 0 } when host.NanoCpus > 0 => "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set",
            { CpuQuota: > 0 } when host.NanoCpus > 0 => "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set",
            { MemorySwap: 0 } when host.MemorySwap > 0 && update.Memory > host.MemorySwap =>
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time",
            { RestartPolicy.Name: not ("" or "no") } when host.AutoRemove =>
                "Restart policy cannot be updated because AutoRemove is enabled for the container",
            _ => null,
        };
        if (conflict is not null)
        {
            throw new EngineException(ErrorKind.Conflict, conflict);
        }
    }

    private static long Or(long wanted, long before) => wanted != 0 ? wanted : before;
}
