using Berth.Api.Containers;
using Berth.Linux.Files;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private const ulong DefaultCpuPeriod = 100_000;

    private OciResources Resources(IReadOnlyList<OciDeviceRule> deviceRules) => new()
    {
        Devices = deviceRules,
        Memory = Memory(),
        Cpu = Cpu(),
        Pids = _host.PidsLimit is { } limit ? new OciPids { Limit = limit } : null,
        BlockIO = BlockIo(),
    };

    private OciMemory? Memory() =>
        _host is { Memory: 0, MemoryReservation: 0, MemorySwap: 0, MemorySwappiness: null, KernelMemoryTCP: 0, OomKillDisable: not true }
            ? null
            : new OciMemory
            {
                Limit = NonZero(_host.Memory),
                Swap = NonZero(_host.MemorySwap),
                Reservation = NonZero(_host.MemoryReservation),
                KernelTCP = NonZero(_host.KernelMemoryTCP),
                Swappiness = (ulong?)_host.MemorySwappiness,
                DisableOOMKiller = _host.OomKillDisable == true ? true : null,
            };

    private OciCpu? Cpu()
    {
        var quota = _host.NanoCpus > 0 ? _host.NanoCpus * (long)DefaultCpuPeriod / 1_000_000_000 : _host.CpuQuota;
        var period = _host.NanoCpus > 0 ? DefaultCpuPeriod : (ulong)_host.CpuPeriod;
        var cpu = new OciCpu
        {
            Shares = _host.CpuShares > 0 ? (ulong)_host.CpuShares : null,
            Quota = NonZero(quota),
            Period = period > 0 ? period : null,
            RealtimePeriod = _host.CpuRealtimePeriod > 0 ? (ulong)_host.CpuRealtimePeriod : null,
            RealtimeRuntime = NonZero(_host.CpuRealtimeRuntime),
            Cpus = _host.CpusetCpus.Length > 0 ? _host.CpusetCpus : null,
            Mems = _host.CpusetMems.Length > 0 ? _host.CpusetMems : null,
        };
        return cpu == new OciCpu() ? null : cpu;
    }

    private OciBlockIo? BlockIo()
    {
        var io = new OciBlockIo
        {
            Weight = _host.BlkioWeight > 0 ? _host.BlkioWeight : null,
            WeightDevice = _host.BlkioWeightDevice is null or [] ? null : [.. _host.BlkioWeightDevice.Select(d =>
            {
                var (major, minor) = NumberOf(d.Path);
                return new OciWeightDevice { Major = major, Minor = minor, Weight = d.Weight };
            })],
            ThrottleReadBpsDevice = Throttles(_host.BlkioDeviceReadBps),
            ThrottleWriteBpsDevice = Throttles(_host.BlkioDeviceWriteBps),
            ThrottleReadIOPSDevice = Throttles(_host.BlkioDeviceReadIOps),
            ThrottleWriteIOPSDevice = Throttles(_host.BlkioDeviceWriteIOps),
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
