using Berth.Linux.Cgroups;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Cgroups;

/// <summary>Makes a container's cgroup, and keeps off one that is somebody else's.</summary>
/// <remarks>
/// One that is there already may be given to a container, empty and with limits of its own: then it is taken, and what is in it
/// later need not be the container's (see <see cref="State.ContainerProcesses"/>). One with processes in it is refused.
/// </remarks>
internal static class CgroupClaim
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    internal static Cgroup Make(CgroupLayout layout, string path, string containerId)
    {
        var cgroup = Cgroup.Create(layout, path);
        if (cgroup.IsNew)
        {
            return cgroup;
        }

        try
        {
            // Left behind by a container of this name that nobody deleted; its last processes may be about to end.
            var isLeft = Path.GetFileName(path) == containerId;
            if (isLeft)
            {
                _ = cgroup.WaitUntilEmpty(_patience);
            }

            Check(cgroup, allowed: 0);
            if (!isLeft)
            {
                return cgroup;
            }

            // With it go its limits.
            cgroup.Remove();
        }
        catch
        {
            cgroup.RemoveMade();
            cgroup.Dispose();
            throw;
        }

        cgroup.Dispose();
        return Cgroup.Create(layout, path);
    }

    /// <summary>Once more when the container's first process is in it: somebody else may have taken the cgroup at the same time.</summary>
    internal static void CheckAlone(Cgroup cgroup)
    {
        if (!cgroup.IsNew)
        {
            Check(cgroup, allowed: 1);
        }
    }

    private static void Check(Cgroup cgroup, int allowed)
    {
        if (cgroup.CountProcesses() is var found && found > allowed)
        {
            throw StartException.Of("cgroup", $"container's cgroup is not empty: {found - allowed} process(es) found");
        }
    }
}
