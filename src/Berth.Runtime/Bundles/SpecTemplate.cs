using Berth.Oci.Runtime;

namespace Berth.Runtime.Bundles;

/// <summary>A specification to begin with: a shell in a container that shares nothing and may do little.</summary>
internal static class SpecTemplate
{
    private static readonly string[] _namespaces = ["pid", "network", "ipc", "uts", "mount", "cgroup"];

    private static readonly string[] _capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    internal static OciSpec Make() => new()
    {
        Process = new OciProcess
        {
            Terminal = true,
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Capabilities = new OciCapabilities { Bounding = _capabilities, Effective = _capabilities, Permitted = _capabilities },
            Rlimits = [new OciRlimit { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
            NoNewPrivileges = true,
        },
        Root = new OciRoot { Path = "rootfs", Readonly = true },
        Hostname = "berth",
        Mounts =
        [
            Mount("/proc", "proc"),
            Mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            Mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            Mount("/sys/fs/cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ],
        Linux = new OciLinux
        {
            Resources = new OciResources { Devices = [new OciDeviceRule { Allow = false, Access = "rwm" }] },
            Namespaces = [.. _namespaces.Select(type => new OciNamespace { Type = type })],
            MaskedPaths =
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };

    private static OciMount Mount(string destination, string type, params string[] options) =>
        new() { Destination = destination, Type = type, Source = type, Options = options.Length == 0 ? null : options };
}
