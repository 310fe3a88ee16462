using Berth.Api.Containers;

namespace Berth.Engine.Containers.Creation;

/// <summary>Fills in what a client left open, so that inspect shows what holds; but not what is the engine's own affair, which would look as if the user had asked for it.</summary>
internal static class HostConfigDefaults
{
    /// <summary>Parts of /proc and /sys that tell of the host or reach into it; the same as Docker's.</summary>
    private static readonly string[] _maskedPaths =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] _readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static HostConfig Complete(HostConfig host, EngineOptions options) => host with
    {
        NetworkMode = host.NetworkMode is "" or "default" ? "bridge" : host.NetworkMode,
        RestartPolicy = host.RestartPolicy.Name.Length > 0 ? host.RestartPolicy : host.RestartPolicy with { Name = "no" },
        LogConfig = LogDrivers.Complete(host.LogConfig, options),
        IpcMode = host.IpcMode.Length > 0 ? host.IpcMode : options.DefaultIpcMode,
        CgroupnsMode = host.CgroupnsMode.Length > 0 ? host.CgroupnsMode : host.Privileged ? "host" : options.DefaultCgroupNamespace,
        ShmSize = host.ShmSize > 0 ? host.ShmSize : options.DefaultShmSize,
        MemorySwap = host.Memory > 0 && host.MemorySwap == 0 ? SwapFor(host.Memory) : host.MemorySwap,
        OomKillDisable = host.OomKillDisable ?? false,
        PidsLimit = host.PidsLimit is <= 0 ? null : host.PidsLimit,
        MemorySwappiness = host.MemorySwappiness is -1 ? null : host.MemorySwappiness,
        MaskedPaths = host.MaskedPaths ?? (host.Privileged || IsUnconfined(host) ? [] : _maskedPaths),
        ReadonlyPaths = host.ReadonlyPaths ?? (host.Privileged || IsUnconfined(host) ? [] : _readonlyPaths),
        PortBindings = WireMap.Sorted(host.PortBindings) ?? new Dictionary<string, IReadOnlyList<PortBinding>?>(),
        Sysctls = WireMap.Sorted(host.Sysctls),
        Tmpfs = WireMap.Sorted(host.Tmpfs),
        Annotations = WireMap.Sorted(host.Annotations),
    };

    /// <summary>As much swap as memory; unlimited where that is no number any more.</summary>
    private static long SwapFor(long memory) => memory > long.MaxValue / 2 ? -1 : memory * 2;

    private static bool IsUnconfined(HostConfig host) => host.SecurityOpt?.Contains("systempaths=unconfined") == true;
}
