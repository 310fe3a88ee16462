namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// Makes /etc/hosts, /etc/hostname and /etc/resolv.conf of a container, which are written into the files that were bound into it
    /// (same inode: truncated, not replaced) before its program starts.
    /// </summary>
    public ContainerFiles FilesFor(ContainerNetworkRequest request, SandboxNetwork network)
    {
        var onHost = ResolveMode(request.NetworkMode).Kind == NetworkModeKind.Host;
        var address = network.Networks.Values.Select(n => n.IPAddress).FirstOrDefault(a => a.Length > 0);
        return new ContainerFiles(
            HostsFile.Write(request, address, onHost ? File.ReadAllText("/etc/hosts") : null, HostGateways),
            request.Hostname + "\n",
            ResolvConf.ForContainer(ResolvConf.OfHost(), request, options, onHost).ToString());
    }

    /// <summary>Where a container reaches this host; what "host-gateway" stands for.</summary>
    private IReadOnlyList<string> HostGateways() => options.HostGateways.Count > 0 ? options.HostGateways : [Bridge().Addresses.Gateway.ToString()];
}
