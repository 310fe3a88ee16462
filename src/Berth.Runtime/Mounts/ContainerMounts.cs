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
    // File systems that must be writable until everything inside them was made.
    private readonly List<DetachedMount> _readOnlyLater = [];

    private ProcFileSystem? _proc;

    internal void Add(OciMount mount)
    {
        try
        {
            var options = MountOptions.Parse(mount);
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

    /// <summary>A proc file system of the container's namespaces, whatever lies over its /proc by now. The caller's to dispose.</summary>
    internal ProcFileSystem TakeProc()
    {
        // The container's own costs nothing: it is there, and what was mounted in it is not entered.
        var proc = _proc ?? ProcFileSystem.OpenOwn();
        _proc = null;
        return proc;
    }

    /// <summary>Makes those mounts read-only that had to be written to until now.</summary>
    internal void SealReadOnly()
    {
        foreach (var mount in _readOnlyLater)
        {
            mount.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None);
            mount.Dispose();
        }

        _readOnlyLater.Clear();
    }

    private void Bind(OciMount mount, MountOptions options)
    {
        var source = Path.GetFullPath(mount.Source ?? "", bundle);
        using var tree = DetachedMount.Clone(source, options.IsRecursiveBind);
        using var target = MountPlace.Provide(root, mount, tree.Descriptor);
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
        using var target = MountPlace.Provide(root, mount, source: null, out var isNew);
        var data = options.Data;
        if (type == "tmpfs" && !data.Any(o => o.StartsWith("mode=", StringComparison.Ordinal)))
        {
            // What the image says of the directory holds for what covers it.
            data.Add($"mode={Convert.ToString(isNew ? 0x3FF : FileStatus.Of(target).Permissions, 8)}");
        }

        // A tmpfs gets its files from us (devices, mount points), so it is sealed at the end.
        var isSealed = options.IsReadOnly && type == "tmpfs";
        var made = FileSystemMount.Make(type, mount.Source, data, isSealed ? options.Set & ~MountAttributes.ReadOnly : options.Set);
        if (options.Propagation is not MountPropagation.Unchanged)
        {
            made.SetAttributes(MountAttributes.None, MountAttributes.None, options.Propagation, options.IsPropagationRecursive);
        }

        made.MoveTo(target);
        if (isSealed)
        {
            // By its descriptor also then: what is at the destination by that time may be another mount.
            _readOnlyLater.Add(made);
        }
        else if (type == "proc" && _proc is null)
        {
            _proc = ProcFileSystem.Of(made);
        }
        else
        {
            made.Dispose();
        }
    }
}
