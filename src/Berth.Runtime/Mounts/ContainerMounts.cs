using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Mounts;

/// <summary>Puts the mounts of a specification into a root that is not "/" yet.</summary>
/// <param name="root">The container's root; every destination is resolved in it, never by name from the host.</param>
/// <param name="bundle">Relative sources of binds are relative to it.</param>
internal sealed class ContainerMounts(RootDirectory root, string bundle)
{
    // As runc: a bind may hide these single files of /proc (lxcfs does), and nothing else below it.
    private static readonly string[] _allowedInProc =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
        "/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ];

    // File systems that must be writable until everything inside them was made.
    private readonly List<(string Destination, FileDescriptor Mount)> _readOnlyLater = [];

    internal void Add(OciMount mount)
    {
        try
        {
            var options = MountOptions.Parse(mount);
            CheckProc(mount, options);
            if (options.IsBind)
            {
                Bind(mount, options);
            }
            else
            {
                MountFileSystem(mount, options);
            }
        }
        catch (LinuxException e)
        {
            throw Failure(mount, e);
        }
    }

    internal static StartException Failure(OciMount mount, LinuxException cause) =>
        StartException.Of("mount", cause, $"error mounting \"{mount.Source ?? mount.Type}\" to rootfs at \"{mount.Destination}\": {cause.Message}");

    /// <summary>Makes those mounts read-only that had to be written to until now.</summary>
    internal void SealReadOnly()
    {
        foreach (var (_, mount) in _readOnlyLater)
        {
            MountTree.SetAttributes(mount, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.Unchanged, recursive: false);
            mount.Dispose();
        }

        _readOnlyLater.Clear();
    }

    private static void CheckProc(OciMount mount, MountOptions options)
    {
        var destination = Path.GetFullPath(mount.Destination, "/");
        var isProc = mount.Type is "proc";
        if (destination == "/proc" && !isProc && options.IsBind is false)
        {
            throw StartException.Of("mount", $"\"{mount.Destination}\" cannot be mounted because it is not of type proc");
        }

        if (destination.StartsWith("/proc/", StringComparison.Ordinal) && Array.IndexOf(_allowedInProc, destination) < 0)
        {
            throw StartException.Of("mount", $"\"{mount.Destination}\" cannot be mounted because it is inside /proc");
        }
    }

    private void Bind(OciMount mount, MountOptions options)
    {
        var source = Path.GetFullPath(mount.Source ?? "", bundle);
        using var tree = DetachedMount.Clone(source, options.IsRecursiveBind);
        using var target = FileStatus.Of(tree.Descriptor).IsDirectory ? root.MakeDirectory(mount.Destination) : root.MakeFile(mount.Destination);
        SetBindAttributes(tree, options);
        tree.MoveTo(target);
    }

    private static void SetBindAttributes(DetachedMount tree, MountOptions options)
    {
        if ((options.Set | options.Cleared) is not MountAttributes.None)
        {
            try
            {
                tree.SetAttributes(options.Set, options.Cleared);
            }
            catch (LinuxException e) when (e.Errno is Errno.EPERM && options.Cleared is not MountAttributes.None)
            {
                // In a user namespace the flags that the source was given outside are locked: they stay, and ours are added.
                tree.SetAttributes(options.Set, MountAttributes.None);
            }
        }

        if ((options.SetRecursively | options.ClearedRecursively) is not MountAttributes.None)
        {
            tree.SetAttributes(options.SetRecursively, options.ClearedRecursively, recursive: true);
        }

        // Without a word the copy would stay in the peer group of its source, and mounts below it would show on the host.
        var (propagation, recursive) = options.Propagation is MountPropagation.Unchanged
            ? (MountPropagation.Private, true)
            : (options.Propagation, options.IsPropagationRecursive);
        tree.SetAttributes(MountAttributes.None, MountAttributes.None, propagation, recursive);
    }

    private void MountFileSystem(OciMount mount, MountOptions options)
    {
        var type = mount.Type ?? throw StartException.Of("mount", $"mount at \"{mount.Destination}\" has no type");
        if (type is "proc" or "sysfs")
        {
            CheckOrdinaryDirectory(mount);
        }

        var exists = root.TryResolve(mount.Destination) is { } found ? Close(found, out var status) : Missing(out status);
        using var target = root.MakeDirectory(mount.Destination);
        var data = options.Data;
        if (type == "tmpfs" && !data.Any(o => o.StartsWith("mode=", StringComparison.Ordinal)))
        {
            // What the image says of the directory holds for what covers it.
            data.Add($"mode={Convert.ToString(exists ? status.Permissions : 0x3FF, 8)}");
        }

        // A tmpfs gets its files from us (devices, mount points), so it is sealed at the end.
        var isSealed = options.IsReadOnly && type == "tmpfs";
        using var made = FileSystemMount.Make(type, mount.Source, data, isSealed ? options.Set & ~MountAttributes.ReadOnly : options.Set);
        if (options.Propagation is not MountPropagation.Unchanged)
        {
            made.SetAttributes(MountAttributes.None, MountAttributes.None, options.Propagation, options.IsPropagationRecursive);
        }

        made.MoveTo(target);
        if (isSealed)
        {
            _readOnlyLater.Add((mount.Destination, root.TryResolve(mount.Destination)!));
        }
    }

    // A link there would let an image choose where /proc is mounted, and with it what our own writes to /proc reach (CVE-2019-19921).
    private void CheckOrdinaryDirectory(OciMount mount)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(mount.Destination, "/")) ?? "/";
        using var directory = root.TryResolve(parent);
        if (directory is null)
        {
            return;
        }

        using var entry = DirectoryEntry.TryOpen(directory, Path.GetFileName(mount.Destination.TrimEnd('/')));
        if (entry is not null && !FileStatus.Of(entry).IsDirectory)
        {
            throw StartException.Of("mount", $"filesystem \"{mount.Type}\" must be mounted on ordinary directory");
        }
    }

    private static bool Close(FileDescriptor descriptor, out FileStatus status)
    {
        using (descriptor)
        {
            status = FileStatus.Of(descriptor);
            return true;
        }
    }

    private static bool Missing(out FileStatus status)
    {
        status = default;
        return false;
    }
}
