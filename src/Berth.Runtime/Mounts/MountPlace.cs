using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Mounts;

/// <summary>
/// Finds the places of mounts in a container's root. A place is judged by its descriptor, which the mount is then moved onto: what its
/// text says is the image's to choose, as any part of it may be a link. In a proc file system nothing is mounted, as it would decide
/// what writes to /proc reach and what the masks cover (CVE-2019-16884, CVE-2019-19921).
/// </summary>
internal static class MountPlace
{
    private const string Proc = "/proc";

    // As runc: a mount may hide these single files of /proc (lxcfs does), and nothing else in it.
    private static readonly string[] _allowedInProc =
    [
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo", "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    ];

    /// <summary>Finds or makes the place of a mount.</summary>
    /// <param name="source">The tree of a bind; null: a file system is to be mounted.</param>
    /// <exception cref="StartException">Nothing may be mounted there.</exception>
    internal static FileDescriptor Provide(RootDirectory root, OciMount mount, FileDescriptor? source = null) =>
        Provide(root, mount, source, out _);

    /// <param name="isNew">Nothing was there before.</param>
    internal static FileDescriptor Provide(RootDirectory root, OciMount mount, FileDescriptor? source, out bool isNew)
    {
        CheckText(mount);
        var place = mount.Type is "proc" or "sysfs" && source is null ? OrdinaryDirectory(root, mount, out isNew) : Find(root, mount, source, out isNew);
        try
        {
            CheckPlace(root, mount, place, source);
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a place in a proc file system for what is not a mount of the specification.</summary>
    internal static void Check(FileDescriptor place, string path)
    {
        if (MountStatus.IsProc(place))
        {
            throw new LinuxException("mount", Errno.EPERM, $"{path}, which is inside /proc");
        }
    }

    private static FileDescriptor Find(RootDirectory root, OciMount mount, FileDescriptor? source, out bool isNew)
    {
        var found = root.TryResolve(mount.Destination);
        isNew = found is null;
        return found ?? (source is null || FileStatus.Of(source).IsDirectory ? root.MakeDirectory(mount.Destination) : root.MakeFile(mount.Destination));
    }

    // A link in its last place would let an image choose where /proc is mounted.
    private static FileDescriptor OrdinaryDirectory(RootDirectory root, OciMount mount, out bool isNew)
    {
        var path = Path.GetFullPath(mount.Destination, "/");
        var name = Path.GetFileName(path);
        using var parent = root.MakeDirectory(Path.GetDirectoryName(path) ?? "/");
        var place = DirectoryEntry.TryOpen(parent, name);
        isNew = place is null;
        if (place is null)
        {
            _ = DirectoryEntry.TryMakeDirectory(parent, name, 0x1ED);
            place = DirectoryEntry.TryOpen(parent, name) ?? throw new LinuxException("open", Errno.ENOENT, mount.Destination);
        }

        if (FileStatus.Of(place).IsDirectory)
        {
            return place;
        }

        place.Dispose();
        throw StartException.Of("mount", $"filesystem \"{mount.Type}\" must be mounted on ordinary directory");
    }

    // Holds also before a proc file system is mounted there, and where none is.
    private static void CheckText(OciMount mount)
    {
        var path = Path.GetFullPath(mount.Destination, "/");
        if (path.StartsWith(Proc + "/", StringComparison.Ordinal) && Array.IndexOf(_allowedInProc, path[(Proc.Length + 1)..]) < 0)
        {
            throw Inside(mount, path);
        }
    }

    private static void CheckPlace(RootDirectory root, OciMount mount, FileDescriptor place, FileDescriptor? source)
    {
        if (Path.GetFullPath(mount.Destination, "/") == Proc || ProcFileSystem.IsRoot(place))
        {
            // Only what is of a proc file system itself may stand there.
            if (source is null ? mount.Type != "proc" : !MountStatus.IsProc(source))
            {
                throw Refusal(mount, $"\"{root.Follow(mount.Destination)}\" cannot be mounted because it is not of type proc");
            }
        }
        else if (MountStatus.IsProc(place) && !IsAllowed(root, place))
        {
            throw Inside(mount, root.Follow(mount.Destination));
        }
    }

    private static bool IsAllowed(RootDirectory root, FileDescriptor place)
    {
        var identity = TreeStatus.Of(place).Identity;
        return Array.Exists(_allowedInProc, name =>
        {
            using var file = root.TryFind($"{Proc}/{name}");
            return file is not null && TreeStatus.Of(file).Identity == identity;
        });
    }

    private static StartException Inside(OciMount mount, string path) =>
        Refusal(mount, $"\"{path}\" cannot be mounted because it is inside /proc");

    private static StartException Refusal(OciMount mount, string reason) =>
        StartException.Of("mount", $"error mounting \"{mount.Source ?? mount.Type}\" to rootfs at \"{mount.Destination}\": {reason}");
}
