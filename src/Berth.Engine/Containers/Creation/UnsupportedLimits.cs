using Berth.Api.Containers;
using Berth.Engine.Hosts;

namespace Berth.Engine.Containers.Creation;

/// <summary>
/// Takes away what this machine's cgroups cannot set, so that inspect shows what holds: such a container runs without, as with Docker.
/// </summary>
internal static class UnsupportedLimits
{
    /// <param name="host">What was asked for, with its defaults.</param>
    /// <param name="cgroups">What can be set.</param>
    /// <param name="warnings">Takes a line, in Docker's words, for each that was asked for in vain.</param>
    public static HostConfig Discard(HostConfig host, CgroupFacts cgroups, List<string> warnings)
    {
        if (host is { Memory: > 0, MemorySwap: not -1 } && !cgroups.Swap)
        {
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            host = host with { MemorySwap = -1 };
        }

        if (host.MemorySwappiness is not null && !cgroups.Swappiness)
        {
            warnings.Add("Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.");
            host = host with { MemorySwappiness = null };
        }

        if (host.OomKillDisable is { } isDisabled && !cgroups.OomKillDisable)
        {
            if (isDisabled)
            {
                warnings.Add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
            }

            host = host with { OomKillDisable = null };
        }

        if (host is { OomKillDisable: true, Memory: 0 })
        {
            warnings.Add("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        }

        return host;
    }
}
