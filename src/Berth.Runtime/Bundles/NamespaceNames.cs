using Berth.Linux.Namespaces;

namespace Berth.Runtime.Bundles;

/// <summary>The specification's names of namespaces (config-linux.md, "Namespaces"), and the kernel's files for them.</summary>
internal static class NamespaceNames
{
    internal static IReadOnlyList<string> All { get; } = ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"];

    internal static bool TryParse(string name, out NamespaceKinds kind)
    {
        kind = name switch
        {
            "pid" => NamespaceKinds.Pid,
            "network" => NamespaceKinds.Network,
            "mount" => NamespaceKinds.Mount,
            "ipc" => NamespaceKinds.Ipc,
            "uts" => NamespaceKinds.Uts,
            "user" => NamespaceKinds.User,
            "cgroup" => NamespaceKinds.Cgroup,
            "time" => NamespaceKinds.Time,
            _ => NamespaceKinds.None,
        };
        return kind is not NamespaceKinds.None;
    }
}
