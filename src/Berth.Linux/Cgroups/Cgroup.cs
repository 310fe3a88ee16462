using System.Diagnostics;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

/// <summary>
/// One cgroup: a directory of the same path in every hierarchy. It is safe to make and remove cgroups below one parent from many
/// processes at once.
/// </summary>
public sealed partial class Cgroup : IDisposable
{
    private readonly CgroupLayout _layout;
    private readonly IReadOnlyList<CgroupDirectory> _directories;
    private readonly IReadOnlyList<CgroupDirectory> _made;

    private Cgroup(CgroupLayout layout, string path, IReadOnlyList<CgroupDirectory> directories, IReadOnlyList<CgroupDirectory>? made = null)
    {
        _made = made ?? [];
        _layout = layout;
        Path = path;
        _directories = directories;
    }

    /// <summary>The path below every hierarchy's root, with a slash before it.</summary>
    public string Path { get; }

    /// <summary>It was made here, in every hierarchy: nobody else has put anything into it before.</summary>
    public bool IsNew => _made.Count == _directories.Count;

    /// <summary>
    /// The directory in the v2 hierarchy, for clone3's CLONE_INTO_CGROUP; null where there is no v2. A process that was cloned into
    /// it is where it belongs on pure v2, and still has to be added to the hierarchies of v1.
    /// </summary>
    public FileDescriptor? CloneDirectory => _directories.FirstOrDefault(d => d.Hierarchy.IsUnified)?.Descriptor;

    /// <summary>Opens a cgroup that is there; a hierarchy in which it is missing is passed over.</summary>
    /// <param name="layout">The machine's hierarchies.</param>
    /// <param name="path">The path below every hierarchy's root.</param>
    /// <param name="controllers">Open the hierarchies of these alone; none: all.</param>
    /// <returns>Null where no hierarchy has it.</returns>
    public static Cgroup? TryOpen(CgroupLayout layout, string path, params IReadOnlyList<string> controllers)
    {
        CheckPath(path);
        var hierarchies = controllers.Count == 0 ? layout.Hierarchies : controllers.Select(layout.Find).OfType<CgroupHierarchy>().Distinct();
        var directories = hierarchies
            .Select(h => CgroupDirectory.TryOpen(h, h.MountPoint + path)).OfType<CgroupDirectory>().ToList();
        return directories.Count == 0 ? null : new Cgroup(layout, path, directories);
    }

    public void Dispose()
    {
        foreach (var directory in _directories)
        {
            directory.Dispose();
        }
    }

    private CgroupDirectory? Find(string controller) =>
        _layout.Find(controller) is { } hierarchy ? _directories.FirstOrDefault(d => d.Hierarchy == hierarchy) : null;

    private static void CheckPath(string path)
    {
        if (path is not ['/', _, ..] || path.Split('/').Skip(1).Any(name => name is "" or "." or ".."))
        {
            throw new LinuxException("cgroup", Errno.EINVAL, path);
        }
    }

    /// <summary>Asks again and again, after waits that grow to 50 ms, until it is so or the time is over.</summary>
    private static unsafe bool WaitUntil(Func<bool> condition, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        for (var wait = 1; !condition(); wait = Math.Min(wait * 2, 50))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            // The kernel tells nobody when a v1 cgroup empties or freezes, so time has to pass.
            _ = Libc.poll(null, 0, wait);
        }

        return true;
    }
}
