namespace Berth.Runtime.Cgroups;

/// <summary>Where a container's cgroup is, below the root of every hierarchy.</summary>
public static class CgroupPath
{
    /// <summary>The parent of cgroups that no bundle names; the runtime's alone (the daemon names its own), so it goes with the last of them.</summary>
    internal const string DefaultParent = "/berth-runtime";

    /// <param name="cgroupsPath">linux.cgroupsPath of the bundle: absolute from the root, relative below our default; null: the default.</param>
    /// <param name="containerId">Names the cgroup where the bundle does not.</param>
    public static string Resolve(string? cgroupsPath, string containerId)
    {
        var path = string.IsNullOrEmpty(cgroupsPath) ? $"{DefaultParent}/{containerId}"
            : cgroupsPath[0] == '/' ? cgroupsPath
            : $"{DefaultParent}/{cgroupsPath}";

        // Text only: ".." goes no higher than the root, so that no bundle names a directory outside of the hierarchies.
        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            switch (name)
            {
                case "" or ".":
                    break;
                case "..":
                    names.RemoveRange(Math.Max(names.Count - 1, 0), Math.Min(names.Count, 1));
                    break;
                default:
                    names.Add(name);
                    break;
            }
        }

        return names.Count == 0 ? $"{DefaultParent}/{containerId}" : $"/{string.Join('/', names)}";
    }
}
