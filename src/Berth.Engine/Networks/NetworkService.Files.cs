namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// Makes /etc/hosts, /etc/hostname and /etc/resolv.conf of a container, which are written into the files that were bound into it
    /// (same inode: truncated, not replaced) before its program starts.
    /// </summary>
    public ContainerFiles FilesFor(ContainerNetworkRequest request, SandboxNetwork network) =>
        throw NetworkErrors.NotImplemented($"files of {request.Name}, {network.SandboxKey}, {_options.Dns.Count}");
}
