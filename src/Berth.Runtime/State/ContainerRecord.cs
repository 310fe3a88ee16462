namespace Berth.Runtime.State;

/// <summary>What the runtime keeps of a container while it exists: state.json in the directory of its id.</summary>
public sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string Bundle { get; init; }

    public required int Pid { get; init; }

    /// <summary>The process's start in clock ticks after boot (proc_pid_stat(5), field 22), which tells it from a later one with its number.</summary>
    public required ulong StartTime { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The cgroup's path below every hierarchy's root; null where there is none.</summary>
    public string? Cgroup { get; init; }

    /// <summary>
    /// The number of its first process's mount namespace, where the cgroup was there before the container: by it the container's
    /// processes are told from others in that cgroup. Null where the cgroup was made for the container.
    /// </summary>
    public ulong? MountNamespace { get; init; }

    /// <summary>Absolute path of its root on the host.</summary>
    public string? Rootfs { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
