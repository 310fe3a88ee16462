using System.Collections.Frozen;

namespace Berth.Linux.Capabilities;

/// <summary>One capability (capabilities(7)) that this code knows by name.</summary>
public readonly record struct Capability
{
    // By number: linux/capability.h.
    private static readonly string[] _names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    private static readonly FrozenDictionary<string, int> _numbers = _names.Index().ToFrozenDictionary(n => n.Item, n => n.Index);

    private Capability(int number) => Number = number;

    public static Capability SysAdmin { get; } = new(21);

    public static Capability SysNice { get; } = new(23);

    /// <summary>Every capability that has a name here, by number.</summary>
    public static IEnumerable<Capability> Known => Enumerable.Range(0, _names.Length).Select(n => new Capability(n));

    public int Number { get; }

    /// <summary>The kernel's name, such as CAP_NET_RAW.</summary>
    public string Name => _names[Number];

    /// <summary>Finds a capability by the kernel's name, such as CAP_NET_RAW; case counts.</summary>
    public static bool TryParse(string name, out Capability capability)
    {
        var known = _numbers.TryGetValue(name, out var number);
        capability = new Capability(number);
        return known;
    }

    public override string ToString() => Name;
}
