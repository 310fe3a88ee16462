namespace Berth.Linux.Cgroups;

/// <summary>
/// The cgroup hierarchies that this machine has mounted: the one of v2, one or more of v1, or both at once (hybrid; a controller
/// is then in one of them only). See cgroups(7).
/// </summary>
public sealed class CgroupLayout
{
    // Options of a v1 mount that name no controller (kernel/cgroup/cgroup-v1.c).
    private static readonly string[] _flags = ["rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "favordynmods", "nofavordynmods"];

    private static CgroupLayout? _machine;

    private readonly Dictionary<string, CgroupHierarchy> _byController = [];

    public CgroupLayout(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        Hierarchies = hierarchies;
        Unified = hierarchies.FirstOrDefault(h => h.IsUnified);
        foreach (var hierarchy in hierarchies)
        {
            foreach (var controller in hierarchy.Controllers)
            {
                _byController.TryAdd(controller, hierarchy);
            }
        }
    }

    /// <summary>Every hierarchy once, those of v1 first.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>The v2 hierarchy; null where none is mounted.</summary>
    public CgroupHierarchy? Unified { get; }

    /// <summary>There is v2 and nothing else.</summary>
    public bool IsPureUnified => Unified is not null && Hierarchies.Count == 1;

    /// <summary>What this process saw when it asked first: who mounts further hierarchies later has to start it anew.</summary>
    public static CgroupLayout Machine => _machine ??= Read();

    /// <summary>Reads what this process sees in /proc/self/mountinfo.</summary>
    public static CgroupLayout Read() => Parse(File.ReadAllText("/proc/self/mountinfo"), "");

    /// <param name="mountInfo">Lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</param>
    /// <param name="root">Stands before every mount point: a tree that imitates the machine's; empty for the machine itself.</param>
    public static CgroupLayout Parse(string mountInfo, string root)
    {
        var hierarchies = new List<CgroupHierarchy>();
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseLine(line, root) is { } hierarchy && !hierarchies.Exists(h => Same(h, hierarchy)))
            {
                hierarchies.Add(hierarchy);
            }
        }

        return new CgroupLayout([.. hierarchies.OrderBy(h => h.IsUnified)]);
    }

    /// <summary>The hierarchy that has a controller; null where none has.</summary>
    public CgroupHierarchy? Find(string controller) => _byController.GetValueOrDefault(controller);

    // 36 35 98:0 /root /mount/point rw,noatime shared:1 - type source options
    private static CgroupHierarchy? ParseLine(string line, string root)
    {
        var separator = line.IndexOf(" - cgroup", StringComparison.Ordinal);
        if (separator < 0)
        {
            return null;
        }

        var mount = line[..separator].Split(' ');
        var fileSystem = line[(separator + 3)..].Split(' ');
        if (mount.Length < 6 || fileSystem.Length < 3 || fileSystem[0] is not ("cgroup" or "cgroup2"))
        {
            return null;
        }

        var mountPoint = root + Unescape(mount[4]);
        return fileSystem[0] == "cgroup2"
            ? new CgroupHierarchy(mountPoint, true, ReadControllers(mountPoint))
            : new CgroupHierarchy(mountPoint, false, [.. fileSystem[2].Split(',').Where(IsController)]);
    }

    private static bool IsController(string option) => !_flags.Contains(option) && !option.StartsWith("release_agent=", StringComparison.Ordinal);

    // The same hierarchy may be mounted at several places; the first one found is as good as any.
    private static bool Same(CgroupHierarchy a, CgroupHierarchy b) =>
        a.IsUnified == b.IsUnified && (a.IsUnified || a.Controllers.SequenceEqual(b.Controllers));

    private static string[] ReadControllers(string mountPoint) =>
        File.ReadAllText($"{mountPoint}/cgroup.controllers").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string Unescape(string path) =>
        path.Contains('\\', StringComparison.Ordinal)
            ? path.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
                .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal)
            : path;
}
