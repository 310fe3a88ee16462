using Berth.Api.Containers;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private const ulong DefaultCpuPeriod = 100_000;

    /// <summary>All limits of a container but for its devices.</summary>
    public static OciResources LimitsOf(HostConfig host) => new()
    {
        Memory = Memory(host),
        Cpu = Cpu(host),
        Pids = host.PidsLimit is { } limit ? new OciPids { Limit = limit } : null,
        BlockIO = BlockIo(host),
    };

    private static OciMemory? Memory(HostConfig host) =>
        host is { Memory: 0, MemoryReservation: 0, MemorySwap: 0, MemorySwappiness: null, KernelMemoryTCP: 0, OomKillDisable: not true }
            ? null
            : new OciMemory
            {
                Limit = NonZero(host.Memory),
                Swap = NonZero(host.MemorySwap),
                Reservation = NonZero(host.MemoryReservation),
                KernelTCP = NonZero(host.KernelMemoryTCP),
                Swappiness = (ulong?)host.MemorySwappiness,
                DisableOOMKiller = host.OomKillDisable == true ? true : null,
            };

    private static OciCpu? Cpu(HostConfig host)
    {
        var quota = host.NanoCpus > 0 ? host.NanoCpus * (long)DefaultCpuPeriod / 1_000_000_000 : host.CpuQuota;
        var period = host.NanoCpus > 0 ? DefaultCpuPeriod : (ulong)host.CpuPeriod;
        var cpu = new OciCpu
        {
            Shares = host.CpuShares > 0 ? (ulong)host.CpuShares : null,
            Quota = NonZero(quota),
            Period = period > 0 ? period : null,
            RealtimePeriod = host.CpuRealtimePeriod > 0 ? (ulong)host.CpuRealtimePeriod : null,
            RealtimeRuntime = NonZero(host.CpuRealtimeRuntime),
            Cpus = host.CpusetCpus.Length > 0 ? host.CpusetCpus : null,
            Mems = host.CpusetMems.Length > 0 ? host.CpusetMems : null,
        };
        return cpu == new OciCpu() ? null : cpu;
    }

    private static OciBlockIo? BlockIo(HostConfig host)
    {
        var io = new OciBlockIo
        {
            Weight = host.BlkioWeight > 0 ? host.BlkioWeight : null,
            WeightDevice = host.BlkioWeightDevice is null or [] ? null : [.. host.BlkioWeightDevice.Select(d =>
            {
                var (major, minor) = NumberOf(d.Path);
                return new OciWeightDevice { Major = major, Minor = minor, Weight = d.Weight };
            })],
            ThrottleReadBpsDevice = Throttles(host.BlkioDeviceReadBps),
            ThrottleWriteBpsDevice = Throttles(host.BlkioDeviceWriteBps),
            ThrottleReadIOPSDevice = Throttles(host.BlkioDeviceReadIOps),
            ThrottleWriteIOPSDevice = Throttles(host.BlkioDeviceWriteIOps),
        };
        return io == new OciBlockIo() ? null : io;
    }

    private static IReadOnlyList<OciThrottleDevice>? Throttles(IReadOnlyList<ThrottleDevice>? devices) => devices is null or []
        ? null
        : [.. devices.Select(d =>
        {
            var (major, minor) = NumberOf(d.Path);
            return new OciThrottleDevice { Major = major, Minor = minor, Rate = d.Rate };
        })];

    private static (uint Major, uint Minor) NumberOf(string device) => FileStatus.TryOf(device)?.Device
        ?? throw ContainerErrors.Invalid($"no such device: {device}: no such file or directory");

    private static long? NonZero(long value) => value == 0 ? null : value;
}
