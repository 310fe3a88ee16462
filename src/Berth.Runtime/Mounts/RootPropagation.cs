using Berth.Linux;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Mounts;

/// <summary>Whether mounts of the host and of the container are seen by each other (config-linux.md, "rootfsPropagation").</summary>
internal static class RootPropagation
{
    /// <returns>Null where the specification does not say.</returns>
    internal static (MountPropagation Propagation, bool Recursive)? Of(OciSpec spec) => spec.Linux?.RootfsPropagation switch
    {
        null or "" => null,
        "shared" => (MountPropagation.Shared, false),
        "rshared" => (MountPropagation.Shared, true),
        "slave" => (MountPropagation.Slave, false),
        "rslave" => (MountPropagation.Slave, true),
        "private" => (MountPropagation.Private, false),
        "rprivate" => (MountPropagation.Private, true),
        "unbindable" => (MountPropagation.Unbindable, false),
        "runbindable" => (MountPropagation.Unbindable, true),
        var other => throw new LinuxException("mount", Errno.EINVAL, $"rootfsPropagation {other}"),
    };

    /// <summary>Sets it for the copy of the host's mounts, before the container's own are made among them.</summary>
    internal static void Apply(OciSpec spec, string rootPath)
    {
        // Without a word: the host's unmounts are seen here, so that nothing is held back by a container; ours are not seen there.
        var (propagation, recursive) = Of(spec) is { Propagation: MountPropagation.Shared } shared ? shared : (MountPropagation.Slave, true);
        MountTree.SetPropagation("/", propagation, recursive);
        if (propagation is MountPropagation.Shared)
        {
            // What the container shares with the host must not show the host the container's root.
            MountTree.SetPropagation(MountPointOf(rootPath), MountPropagation.Private, recursive: false);
        }
    }

    private static string MountPointOf(string path)
    {
        var found = "/";
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // Field 5 (proc_pid_mountinfo(5)); blanks in it are written in octal.
            var point = line.Split(' ', 6)[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (point.Length > found.Length && (path == point || path.StartsWith(point + "/", StringComparison.Ordinal)))
            {
                found = point;
            }
        }

        return found;
    }
}
