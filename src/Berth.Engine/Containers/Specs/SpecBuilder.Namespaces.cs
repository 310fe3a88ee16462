using System.Globalization;
using Berth.Engine.Containers.Creation;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private List<OciNamespace> Namespaces()
    {
        List<OciNamespace> namespaces = [new() { Type = "mount" }];
        Add("network", "net", _config.NetworkDisabled ? "none" : _host.NetworkMode, "cannot join network of a non running container");
        Add("pid", "pid", _host.PidMode, "cannot join PID of a non running container");
        Add("ipc", "ipc", _host.IpcMode, "cannot join IPC of a non running container");
        Add("uts", "uts", _host.UTSMode, "");
        Add("cgroup", "cgroup", _host.CgroupnsMode, "");
        return namespaces;

        void Add(string type, string file, string mode, string refusal)
        {
            if (HostNamespace(mode))
            {
                return;
            }

            var path = NamespaceMode.ContainerOf(mode) is { } other
                ? string.Create(CultureInfo.InvariantCulture, $"/proc/{PidOf(other, type, refusal)}/ns/{file}")
                : null;
            namespaces.Add(new OciNamespace { Type = type, Path = path });
        }
    }

    private int PidOf(string nameOrId, string type, string refusal)
    {
        var other = find(nameOrId);
        if (!other.State.HasProcess)
        {
            throw new EngineException(ErrorKind.Conflict, $"{refusal}: {other.Id}");
        }

        if (type == "ipc" && other.HostConfig.IpcMode is not ("shareable" or NamespaceMode.Host) && NamespaceMode.ContainerOf(other.HostConfig.IpcMode) is null)
        {
            throw new EngineException(
                ErrorKind.Conflict, $"container {other.Id} uses a non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        }

        return other.State.Pid;
    }

    /// <summary>Docker's: a container's own network namespace lets everybody ping, and listen on low ports.</summary>
    private Dictionary<string, string>? Sysctls()
    {
        var sysctls = new Dictionary<string, string>(_host.Sysctls ?? new Dictionary<string, string>());
        // Once more: a name may mean another container than it did when this one was made.
        SysctlRules.Check(_host, find);
        if (!HostNamespace(_host.NetworkMode) && NamespaceMode.ContainerOf(_host.NetworkMode) is null)
        {
            sysctls.TryAdd("net.ipv4.ip_unprivileged_port_start", "0");
            sysctls.TryAdd("net.ipv4.ping_group_range", "0 2147483647");
        }

        return sysctls.Count == 0 ? null : sysctls;
    }
}
