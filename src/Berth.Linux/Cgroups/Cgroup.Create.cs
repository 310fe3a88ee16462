using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    // Another process may remove an empty parent between two of our steps; each attempt makes it again.
    private const int Attempts = 5;

    /// <summary>Makes a cgroup in every hierarchy, with the parents that are missing, ready to take processes and limits.</summary>
    /// <remarks>
    /// One that is there already is taken as it is, which <see cref="IsNew"/> tells. What was made is removed again where a later
    /// step fails.
    /// </remarks>
    public static Cgroup Create(CgroupLayout layout, string path)
    {
        CheckPath(path);
        var directories = new List<CgroupDirectory>();
        var made = new List<CgroupDirectory>();
        try
        {
            foreach (var hierarchy in layout.Hierarchies)
            {
                var directory = Make(hierarchy, path[1..], out var isNew);
                directories.Add(directory);
                if (isNew)
                {
                    made.Add(directory);
                }

                Prepare(hierarchy, path[1..].Split('/'), directory);
            }
        }
        catch
        {
            foreach (var directory in made)
            {
                _ = Libc.unlinkat(Libc.AT_FDCWD, directory.Path, Libc.AT_REMOVEDIR);
            }

            directories.ForEach(d => d.Dispose());
            throw;
        }

        return new Cgroup(layout, path, directories, made);
    }

    private static CgroupDirectory Make(CgroupHierarchy hierarchy, string path, out bool isNew)
    {
        var full = $"{hierarchy.MountPoint}/{path}";
        for (var attempt = 1; ; attempt++)
        {
            // Nearly always the parents are there, and one call does it.
            isNew = Libc.mkdirat(Libc.AT_FDCWD, full, 0x1ED) == 0;
            var error = isNew ? null : LinuxException.FromLastError("mkdir", full);
            if (error is null or { Errno: Errno.EEXIST } && CgroupDirectory.TryOpen(hierarchy, full) is { } directory)
            {
                return directory;
            }

            if (error is { Errno: not (Errno.ENOENT or Errno.EEXIST) } || attempt == Attempts)
            {
                throw error ?? new LinuxException("open", Errno.ENOENT, full);
            }

            var slash = 0;
            while ((slash = path.IndexOf('/', slash + 1)) > 0)
            {
                _ = Libc.mkdirat(Libc.AT_FDCWD, $"{hierarchy.MountPoint}/{path[..slash]}", 0x1ED);
            }
        }
    }

    private static void Prepare(CgroupHierarchy hierarchy, string[] names, CgroupDirectory directory)
    {
        if (hierarchy.IsUnified)
        {
            EnableControllers(hierarchy, names, directory);
        }
        else if (hierarchy.Controllers.Contains("cpuset"))
        {
            InheritSets(hierarchy, names, directory);
        }
    }

    // A v2 cgroup has the controllers that its parent hands down (cgroup.subtree_control), and so on up to the root.
    private static void EnableControllers(CgroupHierarchy hierarchy, string[] names, CgroupDirectory directory)
    {
        var wanted = hierarchy.Controllers;
        if (wanted.Count == 0 || Missing(wanted, directory.Read("cgroup.controllers")).Length == 0)
        {
            return;
        }

        var path = hierarchy.MountPoint;
        foreach (var name in names)
        {
            using (var parent = CgroupDirectory.TryOpen(hierarchy, path) ?? throw new LinuxException("open", Errno.ENOENT, path))
            {
                var missing = Missing(wanted, parent.Read("cgroup.subtree_control"));
                if (missing.Length > 0 && parent.TryWrite("cgroup.subtree_control", string.Join(' ', missing.Select(c => "+" + c))) is not null)
                {
                    // The kernel takes all or nothing. One may be refused (cpu, while real-time processes run outside the root),
                    // so each is tried alone; a limit that needs a refused one fails by itself, by its missing file.
                    foreach (var controller in missing)
                    {
                        _ = parent.TryWrite("cgroup.subtree_control", "+" + controller);
                    }
                }
            }

            path = $"{path}/{name}";
        }
    }

    private static string[] Missing(IReadOnlyList<string> wanted, string present)
    {
        var there = present.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return [.. wanted.Where(c => !there.Contains(c))];
    }

    // A new v1 cpuset has no processor and no memory node, and takes no process before it has. Each level gets its parent's; a
    // parent that another process has just made may still be without.
    private static void InheritSets(CgroupHierarchy hierarchy, string[] names, CgroupDirectory directory)
    {
        foreach (var file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
        {
            if (IsBlank(directory.Read(file)))
            {
                directory.Write(file, SetOfParent(hierarchy, names.AsSpan()[..^1], file));
            }
        }
    }

    private static string SetOfParent(CgroupHierarchy hierarchy, ReadOnlySpan<string> names, string file)
    {
        var path = names.Length == 0 ? hierarchy.MountPoint : $"{hierarchy.MountPoint}/{string.Join('/', names)}";
        using var parent = CgroupDirectory.TryOpen(hierarchy, path) ?? throw new LinuxException("open", Errno.ENOENT, path);
        var value = parent.Read(file);
        if (IsBlank(value) && names.Length > 0)
        {
            value = SetOfParent(hierarchy, names[..^1], file);
            parent.Write(file, value);
        }

        return value.Trim();
    }

    private static bool IsBlank(string value) => string.IsNullOrWhiteSpace(value);
}
