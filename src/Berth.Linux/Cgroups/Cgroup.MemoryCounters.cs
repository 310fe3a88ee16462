namespace Berth.Linux.Cgroups;

/// <summary>A kind of memory that a cgroup counts apart.</summary>
public enum CgroupMemoryKind
{
    All,

    /// <summary>On v1 memory and swap together, on v2 swap alone: as each version limits it.</summary>
    Swap,

    /// <summary>v1 only.</summary>
    Kernel,

    /// <summary>v1 only.</summary>
    KernelTcp,
}

/// <param name="Limit">Bytes, as the kernel tells them where there is none.</param>
/// <param name="Usage">Bytes.</param>
/// <param name="Most">The most that it ever was.</param>
/// <param name="Failures">How often the limit was met.</param>
public readonly record struct CgroupMemoryCounter(ulong Limit, ulong Usage, ulong Most, ulong Failures);

public sealed partial class Cgroup
{
    /// <returns>Null where this kernel does not count that kind.</returns>
    public CgroupMemoryCounter? ReadMemoryCounter(CgroupMemoryKind kind)
    {
        if (Find("memory") is not { } memory)
        {
            return null;
        }

        var isUnified = memory.Hierarchy.IsUnified;
        var prefix = (kind, isUnified) switch
        {
            (CgroupMemoryKind.All, _) => "memory.",
            (CgroupMemoryKind.Swap, true) => "memory.swap.",
            (CgroupMemoryKind.Swap, false) => "memory.memsw.",
            (CgroupMemoryKind.Kernel, false) => "memory.kmem.",
            (CgroupMemoryKind.KernelTcp, false) => "memory.kmem.tcp.",
            _ => null,
        };
        if (prefix is null || memory.TryRead(prefix + (isUnified ? "current" : "usage_in_bytes")) is not { } usage)
        {
            return null;
        }

        return isUnified
            ? new CgroupMemoryCounter(
                Number(memory.TryRead(prefix + "max"), ulong.MaxValue),
                Number(usage, 0),
                Number(memory.TryRead(prefix + "peak"), 0),
                Get(Facts(memory.TryRead(prefix + "events")), kind is CgroupMemoryKind.All ? "oom" : "fail"))
            : new CgroupMemoryCounter(
                Number(memory.TryRead(prefix + "limit_in_bytes"), ulong.MaxValue),
                Number(usage, 0),
                Number(memory.TryRead(prefix + "max_usage_in_bytes"), 0),
                Number(memory.TryRead(prefix + "failcnt"), 0));
    }
}
