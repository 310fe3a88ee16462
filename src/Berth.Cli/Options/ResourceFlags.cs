using System.Globalization;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about what a container may use of the machine.</summary>
sealed class ResourceFlags
{
    private readonly Flag<ushort> _blkioWeight;
    private readonly ListFlag<WeightDevice> _blkioWeightDevice;
    private readonly Flag<string> _cgroupParent;
    private readonly Flag<long> _cpuPeriod;
    private readonly Flag<long> _cpuQuota;
    private readonly Flag<long> _cpuRtPeriod;
    private readonly Flag<long> _cpuRtRuntime;
    private readonly Flag<long> _cpuShares;
    private readonly Flag<long> _cpus;
    private readonly Flag<string> _cpusetCpus;
    private readonly Flag<string> _cpusetMems;
    private readonly ListFlag<string> _device;
    private readonly ListFlag<string> _deviceCgroupRule;
    private readonly ListFlag<ThrottleDevice> _deviceReadBps;
    private readonly ListFlag<ThrottleDevice> _deviceReadIops;
    private readonly ListFlag<ThrottleDevice> _deviceWriteBps;
    private readonly ListFlag<ThrottleDevice> _deviceWriteIops;
    private readonly ListFlag<DeviceRequest> _gpus;
    private readonly Flag<long> _memory;
    private readonly Flag<long> _memoryReservation;
    private readonly Flag<long> _memorySwap;
    private readonly Flag<long> _memorySwappiness;
    private readonly Flag<bool> _oomKillDisable;
    private readonly Flag<long> _oomScoreAdj;
    private readonly Flag<long> _pidsLimit;
    private readonly ListFlag<Ulimit> _ulimit;

    public ResourceFlags(FlagSet flags)
    {
        _blkioWeight = flags.Add(new Flag<ushort>(
            "blkio-weight", null, "uint16", "Block IO (relative weight), between 10 and 1000, or 0 to disable", 0, static text => (ushort)GoNumber.Unsigned(text, 16))
        {
            DefaultText = "0",
        });
        _blkioWeightDevice = Devices(flags, "blkio-weight-device", "Block IO weight (relative device weight)", Validation.WeightDevice);
        _cgroupParent = flags.String("cgroup-parent", null, "Optional parent cgroup for the container");
        flags.Int("cpu-count", null, "CPU count (Windows only)", refusal: WindowsOnly("cpu-count"));
        flags.Int("cpu-percent", null, "CPU percent (Windows only)", refusal: WindowsOnly("cpu-percent"));
        _cpuPeriod = flags.Int("cpu-period", null, "Limit CPU CFS (Completely Fair Scheduler) period");
        _cpuQuota = flags.Int("cpu-quota", null, "Limit CPU CFS (Completely Fair Scheduler) quota");
        _cpuRtPeriod = flags.Int("cpu-rt-period", null, "Limit CPU real-time period in microseconds");
        _cpuRtRuntime = flags.Int("cpu-rt-runtime", null, "Limit CPU real-time runtime in microseconds");
        _cpuShares = flags.Int("cpu-shares", 'c', "CPU shares (relative weight)");
        _cpus = flags.Add(new Flag<long>("cpus", null, "decimal", "Number of CPUs", 0, ProcessorShare.Parse));
        _cpusetCpus = flags.String("cpuset-cpus", null, "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = flags.String("cpuset-mems", null, "MEMs in which to allow execution (0-3, 0,1)");
        _device = flags.List("device", null, "Add a host device to the container");
        _deviceCgroupRule = flags.List("device-cgroup-rule", null, "Add a rule to the cgroup allowed devices list", Validation.DeviceCgroupRule);
        _deviceReadBps = Devices(flags, "device-read-bps", "Limit read rate (bytes per second) from a device", Validation.BytesDevice);
        _deviceReadIops = Devices(flags, "device-read-iops", "Limit read rate (IO per second) from a device", Validation.OperationsDevice);
        _deviceWriteBps = Devices(flags, "device-write-bps", "Limit write rate (bytes per second) to a device", Validation.BytesDevice);
        _deviceWriteIops = Devices(flags, "device-write-iops", "Limit write rate (IO per second) to a device", Validation.OperationsDevice);
        _gpus = flags.Add(new ListFlag<DeviceRequest>(
            "gpus", null, "gpu-request", "GPU devices to add to the container ('all' to pass all GPUs)", GpuOption.Add));
        Bytes(flags, "io-maxbandwidth", null, "Maximum IO bandwidth limit for the system drive (Windows only)", WindowsOnly("io-maxbandwidth"));
        flags.Add(new Flag<ulong>(
            "io-maxiops", null, "uint", "Maximum IOps limit for the system drive (Windows only)", 0, static text => GoNumber.Unsigned(text, 64))
        {
            Refusal = WindowsOnly("io-maxiops"),
        });

        // Accepted and without effect, as in Docker since the kernel lost it.
        Bytes(flags, "kernel-memory", null, "Kernel memory limit");
        _memory = Bytes(flags, "memory", 'm', "Memory limit");
        _memoryReservation = Bytes(flags, "memory-reservation", null, "Memory soft limit");
        _memorySwap = flags.Add(new Flag<long>(
            "memory-swap", null, "bytes", "Swap limit equal to memory plus swap: '-1' to enable unlimited swap", 0, ByteSize.ParseOrUnlimited));
        _memorySwappiness = flags.Int("memory-swappiness", null, "Tune container memory swappiness (0 to 100)", initial: -1);
        _oomKillDisable = flags.Bool("oom-kill-disable", null, "Disable OOM Killer");
        _oomScoreAdj = flags.Int("oom-score-adj", null, "Tune host's OOM preferences (-1000 to 1000)");
        _pidsLimit = flags.Int("pids-limit", null, "Tune container pids limit (set -1 for unlimited)");
        _ulimit = flags.Add(new ListFlag<Ulimit>("ulimit", null, "ulimit", "Ulimit options", UlimitOption.Add) { DefaultText = "[]" });
    }

    public HostConfig Apply(HostConfig host)
    {
        if (_memorySwappiness.Value is < -1 or > 100)
        {
            throw new CommandException(string.Create(
                CultureInfo.InvariantCulture,
                $"invalid value: {_memorySwappiness.Value}. Valid memory swappiness range is 0-100"));
        }

        return host with
        {
            CgroupParent = _cgroupParent.Value,
            Memory = _memory.Value,
            MemoryReservation = _memoryReservation.Value,
            MemorySwap = _memorySwap.Value,
            MemorySwappiness = _memorySwappiness.Value,
            OomKillDisable = _oomKillDisable.Value,
            OomScoreAdj = (int)_oomScoreAdj.Value,
            NanoCpus = _cpus.Value,
            CpuShares = _cpuShares.Value,
            CpuPeriod = _cpuPeriod.Value,
            CpuQuota = _cpuQuota.Value,
            CpuRealtimePeriod = _cpuRtPeriod.Value,
            CpuRealtimeRuntime = _cpuRtRuntime.Value,
            CpusetCpus = _cpusetCpus.Value,
            CpusetMems = _cpusetMems.Value,
            PidsLimit = _pidsLimit.Value,
            BlkioWeight = _blkioWeight.Value,
            BlkioWeightDevice = _blkioWeightDevice.Values,
            BlkioDeviceReadBps = _deviceReadBps.Values,
            BlkioDeviceReadIOps = _deviceReadIops.Values,
            BlkioDeviceWriteBps = _deviceWriteBps.Values,
            BlkioDeviceWriteIOps = _deviceWriteIops.Values,
            Ulimits = _ulimit.Values,
            Devices = [.. _device.Values.Select(DeviceOption.Parse)],
            DeviceCgroupRules = _deviceCgroupRule.IsSet ? _deviceCgroupRule.Values : null,
            DeviceRequests = _gpus.IsSet ? _gpus.Values : null,
        };
    }

    public static Flag<long> Bytes(FlagSet flags, string name, char? shorthand, string usage, string? refusal = null, bool hidden = false) =>
        flags.Add(new Flag<long>(name, shorthand, "bytes", usage, 0, ByteSize.Parse) { Refusal = refusal, Hidden = hidden });

    private static string WindowsOnly(string name) =>
        $"\"--{name}\" is only supported on a Docker daemon running on windows, but the Docker daemon is running on linux";

    private static ListFlag<T> Devices<T>(FlagSet flags, string name, string usage, Func<string, T> parse) =>
        flags.Add(new ListFlag<T>(name, null, "list", usage, (text, values) => values.Add(parse(text))) { DefaultText = "[]" });
}
