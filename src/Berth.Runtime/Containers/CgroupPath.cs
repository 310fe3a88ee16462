using Berth.Oci.Runtime;

namespace Berth.Runtime.Containers;

/// <summary>Where a container's cgroup is, below every hierarchy's root.</summary>
internal static class CgroupPath
{
    private const string Default = "berth";

    internal static string Of(OciSpec spec, string id)
    {
        var path = spec.Linux?.CgroupsPath;
        if (string.IsNullOrEmpty(path))
        {
            return $"/{Default}/{id}";
        }

        // "slice:prefix:name" is how systemd's driver is asked; without systemd it is a path like any other, one directory deep.
        var rooted = path.StartsWith('/') ? path : $"/{Default}/{path}";
        return Path.GetFullPath(rooted);
    }
}
