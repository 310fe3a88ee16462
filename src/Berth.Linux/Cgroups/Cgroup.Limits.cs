namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Sets limits, each in the hierarchy that has its controller, in the order that the kernel takes.</summary>
    /// <exception cref="LinuxException">
    /// A limit is refused, or nothing here controls it (ENODEV). Those before it stay: a cgroup that was made for this is removed
    /// by its maker, and one in use keeps the tighter limits.
    /// </exception>
    public void Apply(CgroupLimits limits)
    {
        foreach (var write in LegacyLimits.Writes(limits))
        {
            if (HierarchyOf(write, "blkio", "io") is { IsUnified: false } hierarchy)
            {
                Apply(DirectoryOf(hierarchy), write);
            }
        }

        // Most limits have no part in v2 here, or none at all; the converted values are asked for only where it may take some.
        if (_layout.Unified is { Controllers.Count: > 0 })
        {
            foreach (var write in UnifiedLimits.Writes(limits))
            {
                if (HierarchyOf(write, "io", "blkio") is { IsUnified: true } hierarchy)
                {
                    Apply(DirectoryOf(hierarchy), write);
                }
            }
        }

        ApplyUnified(limits.Unified);
    }

    // blkio of v1 is io on v2.
    private CgroupHierarchy HierarchyOf(CgroupWrite write, string name, string otherName)
    {
        var hierarchy = _layout.Find(write.Controller) ?? (write.Controller == name ? _layout.Find(otherName) : null);
        return hierarchy ?? throw new LinuxException($"set {write.File}", Errno.ENODEV, $"cgroup controller {write.Controller}");
    }

    private CgroupDirectory DirectoryOf(CgroupHierarchy hierarchy) =>
        _directories.FirstOrDefault(d => d.Hierarchy == hierarchy) ?? throw new LinuxException("open", Errno.ENOENT, hierarchy.MountPoint + Path);

    private void ApplyUnified(IReadOnlyDictionary<string, string> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        var unified = _layout.IsPureUnified ? DirectoryOf(_layout.Unified!) : throw new LinuxException("set cgroup v2 files", Errno.EOPNOTSUPP, "cgroup v1");
        foreach (var (file, value) in files)
        {
            if (file.Length == 0 || file.Contains('/', StringComparison.Ordinal) || file is "." or "..")
            {
                throw new LinuxException("set cgroup v2 file", Errno.EINVAL, file);
            }

            // A file that takes several keys takes them a line at a time.
            foreach (var line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                unified.Write(file, line);
            }
        }
    }

    private static void Apply(CgroupDirectory directory, CgroupWrite write)
    {
        var error = Write(directory, write);
        if (error is { Errno: Errno.EINVAL } && write.Partner is { } first && Write(directory, first) is null)
        {
            error = Write(directory, write);
        }
        else if (error is null && write.Partner is { } second)
        {
            error = Write(directory, second);
        }

        if (error is not null)
        {
            throw error;
        }
    }

    private static LinuxException? Write(CgroupDirectory directory, CgroupWrite write)
    {
        var bar = write.File.IndexOf('|', StringComparison.Ordinal);
        var error = directory.TryWrite(bar < 0 ? write.File : write.File[..bar], write.Value);
        if (IsMissing(error) && bar >= 0)
        {
            error = directory.TryWrite(write.File[(bar + 1)..], write.SecondValue ?? write.Value);
        }

        return IsMissing(error) && write.IsOptional ? null : error;
    }

    // Opening a file that a cgroup has not, for writing, is EACCES where another program could not create it either.
    private static bool IsMissing(LinuxException? error) => error is { Errno: Errno.ENOENT };
}
