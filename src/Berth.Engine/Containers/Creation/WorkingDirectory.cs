using Berth.Images.Snapshots;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Creation;

/// <summary>Makes a container's working directory where its image has none: <c>cp</c> finds it before the first start.</summary>
internal static class WorkingDirectory
{
    /// <param name="path">Absolute and clean; empty: the root.</param>
    /// <param name="snapshot">The container's layers.</param>
    public static void Make(string path, Snapshot snapshot)
    {
        if (path is "" or "/" || IsPlainDirectory(path, snapshot.LowerDirectories))
        {
            return;
        }

        using var root = new RootDirectory(OverlayMount.Make(snapshot.LowerDirectories, (snapshot.UpperDirectory, snapshot.WorkDirectory)).Descriptor);
        try
        {
            using var found = root.TryResolve(path);
            if (found is null)
            {
                root.MakeDirectory(path).Dispose();
            }
            else if (!FileStatus.Of(found).IsDirectory)
            {
                throw NoDirectory(path);
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOTDIR or Errno.EEXIST or Errno.ELOOP)
        {
            throw NoDirectory(path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENAMETOOLONG)
        {
            throw ContainerErrors.Invalid($"Cannot mkdir: {path}: file name too long");
        }
    }

    /// <summary>A look that needs no mount, as nearly all images have theirs: false where links or removed files leave it open.</summary>
    private static bool IsPlainDirectory(string path, IReadOnlyList<string> layers)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var layer in layers)
        {
            var at = layer;
            var isHere = true;
            foreach (var name in names)
            {
                at = Path.Combine(at, name);
                var entry = new DirectoryInfo(at);
                if (entry.LinkTarget is not null || File.Exists(at))
                {
                    return false;
                }

                if (!entry.Exists)
                {
                    isHere = false;
                    break;
                }
            }

            if (isHere)
            {
                return true;
            }
        }

        return false;
    }

    private static EngineException NoDirectory(string path) => ContainerErrors.Invalid($"Cannot mkdir: {path} is not a directory");
}
