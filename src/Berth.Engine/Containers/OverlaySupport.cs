using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

/// <summary>
/// Whether a file system can hold the roots of containers: those are overlays, and not every file system can carry the layer that is
/// written to. Another overlay cannot, hence no data root in a container's own files; nor can NFS.
/// </summary>
public static class OverlaySupport
{
    // Of ext4, xfs, btrfs, tmpfs and f2fs, which can. They are not tried, because a start must be quick.
    private static readonly long[] _able = [0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0xF2F52010];

    /// <exception cref="EngineException">It cannot. Says what to do.</exception>
    public static void Check(string dataRoot)
    {
        using var root = RootDirectory.Open(dataRoot);
        if (_able.Contains(MountStatus.MagicOf(root.Descriptor)))
        {
            return;
        }

        var place = Path.Combine(dataRoot, "overlay-check");
        try
        {
            TryMount(place);
        }
        catch (LinuxException e)
        {
            throw new EngineException(
                ErrorKind.System,
                $"the file system of the data root {dataRoot} cannot hold containers ({e.Call}: {ErrnoText.Of(e.Errno)}): choose a directory on ext4, xfs, "
                + "btrfs or tmpfs with --data-root, or mount such a file system there (in a container: a volume)",
                e);
        }
        catch (IOException)
        {
            // It is full or read-only, which is told where it matters.
        }
        finally
        {
            Remove(place);
        }
    }

    private static void TryMount(string place)
    {
        string[] directories = [Path.Combine(place, "lower"), Path.Combine(place, "upper"), Path.Combine(place, "work")];
        foreach (var directory in directories)
        {
            Directory.CreateDirectory(directory);
        }

        using (OverlayMount.Make([directories[0]], (directories[1], directories[2])))
        {
        }

        // Without such attributes the mount works, but layers cannot hide what is below them.
        using var upper = TreeDirectory.Open(directories[1]);
        if (upper.AsFile().TrySetAttribute("trusted.overlay.opaque"u8, "y"u8) is not Errno.None and var error)
        {
            throw new LinuxException("fsetxattr", error);
        }
    }

    private static void Remove(string place)
    {
        try
        {
            TreeRemoval.Remove(place);
        }
        catch (LinuxException)
        {
            // A few empty directories; what was wrong before is what counts.
        }
    }
}
