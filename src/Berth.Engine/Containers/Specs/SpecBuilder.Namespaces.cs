using System.Globalization;
using Berth.Engine.Containers.Creation;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    private List<OciNamespace> Namespaces()
    {
        List<OciNamespace> namespaces = [new() { Type = "mount" }];
        Add("network", "net", _config.NetworkDisabled ? "none" : _host.NetworkMode);
        Add("pid", "pid", _host.PidMode);
        Add("ipc", "ipc", _host.IpcMode);
        Add("uts", "uts", _host.UTSMode);
        Add("cgroup", "cgroup", _host.CgroupnsMode);
        return namespaces;

        void Add(string type, string file, string mode)
        {
            if (HostNamespace(mode))
            {
                return;
            }

            var path = NamespaceMode.ContainerOf(mode) is { } other
                ? string.Create(CultureInfo.InvariantCulture, $"/proc/{PidOf(other, type)}/ns/{file}")
                : null;
            namespaces.Add(new OciNamespace { Type = type, Path = path });
        }
    }

    /// <summary>The process whose namespace is joined. That its container is gone is no "not found": this one is there.</summary>
    private int PidOf(string nameOrId, string type)
    {
        var what = type == "pid" ? "PID" : type.ToUpperInvariant();
        Container other;
        try
        {
            other = find(nameOrId);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter, type == "network" ? $"joining network namespace of container: {e.Message}" : $"failed to join {what} namespace: {e.Message}", e);
        }

        if (!other.State.HasProcess)
        {
            throw type == "network"
                ? new EngineException(ErrorKind.Conflict, $"cannot join network namespace of a non running container: container {other.Name} is {other.State.Status.ToString().ToLowerInvariant()}")
                : new EngineException(ErrorKind.Conflict, $"failed to join {what} namespace: container {other.Id} is not running");
        }

        if (type == "ipc" && other.HostConfig.IpcMode is not ("shareable" or NamespaceMode.Host) && NamespaceMode.ContainerOf(other.HostConfig.IpcMode) is null)
        {
            throw ContainerErrors.Invalid(
                $"failed to join IPC namespace: container {other.Id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
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
