using Berth.Api.Containers;
using Berth.Linux.Capabilities;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

/// <summary>What a container's processes may do and use up.</summary>
internal static class ProcessLimits
{
    private static readonly string[] _ulimitNames =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    /// <summary>What this daemon itself may not have (a service, a container in a container) it cannot give.</summary>
    private static readonly Lazy<CapabilitySet> _grantable = new(ThreadCapabilities.ReadBounding);

    /// <summary>A user other than root gets none at execve; the bounding set is what setuid programs may reach.</summary>
    public static OciCapabilities Capabilities(IReadOnlyList<string> names, uint uid)
    {
        IReadOnlyList<string> given =
            [.. names.Where(name => Capability.TryParse(name, out var capability) && _grantable.Value.Contains(capability))];
        return uid == 0
            ? new OciCapabilities { Bounding = given, Effective = given, Permitted = given }
            : new OciCapabilities { Bounding = given };
    }

    /// <summary>The container's limits; the daemon's stand where it names none for the same resource.</summary>
    public static IReadOnlyList<OciRlimit>? Rlimits(HostConfig host, EngineOptions options)
    {
        Ulimit[] ulimits =
        [
            .. host.Ulimits ?? [],
            .. options.DefaultUlimits
                .Where(u => host.Ulimits?.Any(g => g.Name == u.Key) != true)
                .Select(u => new Ulimit { Name = u.Key, Soft = u.Value.Soft, Hard = u.Value.Hard }),
        ];
        return ulimits.Length == 0 ? null : ToOci(ulimits);
    }

    private static OciRlimit[] ToOci(Ulimit[] ulimits) =>
        [.. ulimits.Select(u => new OciRlimit
        {
            Type = _ulimitNames.Contains(u.Name) ? $"RLIMIT_{u.Name.ToUpperInvariant()}" : throw ContainerErrors.Invalid($"invalid ulimit type: {u.Name}"),
            Soft = unchecked((ulong)u.Soft),
            Hard = u.Hard == -1 || (u.Soft != -1 && u.Soft <= u.Hard)
                ? unchecked((ulong)u.Hard)
                : throw ContainerErrors.Invalid($"ulimit soft limit must be less than or equal to hard limit: {u.Soft} > {u.Hard}"),
        })];
}
