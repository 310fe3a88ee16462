using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Mounts;

/// <summary>Masks paths and makes paths read-only, in a root that is "/" already.</summary>
internal sealed class PathProtection(RootDirectory root) : IDisposable
{
    private DetachedMount? _emptyDirectory;

    /// <summary>Covers the tree at the path with itself, read-only. A path that is not there needs no protection.</summary>
    internal void MakeReadOnly(string path)
    {
        try
        {
            using var target = root.TryResolve(path);
            if (target is null)
            {
                return;
            }

            using var copy = DetachedMount.Clone(target, recursive: true);
            copy.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None, recursive: true);
            copy.MoveTo(target);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("readonly paths", e, $"can't make \"{path}\" read-only: {e.Message}");
        }
    }

    /// <summary>Hides a file behind /dev/null, a directory behind an empty one; both read-only.</summary>
    internal void Mask(string path)
    {
        try
        {
            using var target = root.TryResolve(path);
            if (target is null)
            {
                return;
            }

            if (FileStatus.Of(target).IsDirectory)
            {
                CoverDirectory(target);
            }
            else
            {
                using var device = NullDevice();
                device.MoveTo(target);
            }
        }
        catch (LinuxException e)
        {
            throw StartException.Of("masked paths", e, $"can't mask path \"{path}\": {e.Message}");
        }
    }

    public void Dispose() => _emptyDirectory?.Dispose();

    // One empty file system for all of them. The first mask is its own mount and the others are copies of that, which has its place
    // by then: before Linux 6.15 a mount without one cannot be copied.
    private void CoverDirectory(FileDescriptor target)
    {
        if (_emptyDirectory is not null)
        {
            using var copy = DetachedMount.Clone(_emptyDirectory.Descriptor, recursive: false);
            copy.MoveTo(target);
            return;
        }

        _emptyDirectory = FileSystemMount.Make(
            "tmpfs", "tmpfs", ["size=0", "nr_inodes=1"], MountAttributes.ReadOnly | MountAttributes.NoSetUserId | MountAttributes.NoDevices | MountAttributes.NoExecute);
        _emptyDirectory.MoveTo(target);
    }

    private DetachedMount NullDevice()
    {
        using var device = root.TryResolve("/dev/null") ?? throw new LinuxException("open", Errno.ENOENT, "/dev/null");
        if (FileStatus.Of(device) is not { IsCharacterDevice: true, Device: (1, 3) })
        {
            // A bundle could put anything there with a bind, and a mask must hide (CVE-2025-31133).
            throw new LinuxException("open", Errno.ENODEV, "/dev/null");
        }

        var copy = DetachedMount.Clone(device, recursive: false);
        copy.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None);
        return copy;
    }
}
