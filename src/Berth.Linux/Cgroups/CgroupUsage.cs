namespace Berth.Linux.Cgroups;

/// <summary>What the processes of a cgroup have used, from v1 or v2. What a version of the kernel does not count is zero, empty or null.</summary>
public sealed record CgroupUsage
{
    /// <summary>Nanoseconds.</summary>
    public ulong CpuTotal { get; init; }

    public ulong CpuUser { get; init; }

    public ulong CpuSystem { get; init; }

    /// <summary>Of each processor; null where only v2 counts.</summary>
    public IReadOnlyList<ulong>? CpuEach { get; init; }

    public ulong Periods { get; init; }

    public ulong ThrottledPeriods { get; init; }

    /// <summary>Nanoseconds.</summary>
    public ulong ThrottledTime { get; init; }

    public ulong Memory { get; init; }

    /// <summary>The most that it ever was; null where v2 counts.</summary>
    public ulong? MemoryMost { get; init; }

    /// <summary>How often the limit was met.</summary>
    public ulong MemoryFailures { get; init; }

    /// <summary>Bytes; <see cref="ulong.MaxValue"/>: none.</summary>
    public ulong MemoryLimit { get; init; } = ulong.MaxValue;

    /// <summary>The lines of memory.stat.</summary>
    public IReadOnlyDictionary<string, ulong> MemoryDetails { get; init; } = new Dictionary<string, ulong>();

    public ulong Processes { get; init; }

    /// <summary><see cref="ulong.MaxValue"/>: none.</summary>
    public ulong ProcessLimit { get; init; } = ulong.MaxValue;

    /// <summary>Bytes read and written, by device.</summary>
    public IReadOnlyList<CgroupIo> IoBytes { get; init; } = [];

    /// <summary>Operations, by device.</summary>
    public IReadOnlyList<CgroupIo> IoOperations { get; init; } = [];
}

/// <param name="Operation">Such as Read and Write; in lower case where v2 counts.</param>
public readonly record struct CgroupIo(ulong Major, ulong Minor, string Operation, ulong Value);
