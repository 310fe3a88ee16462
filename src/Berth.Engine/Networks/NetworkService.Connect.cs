namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// Connects the network namespace of <paramref name="pid"/>, a container's first process that has not executed its program yet:
    /// link, addresses, routes, published ports. On failure everything is undone.
    /// </summary>
    public Task<SandboxNetwork> ConnectAsync(ContainerNetworkRequest request, int pid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        throw NetworkErrors.NotImplemented($"network mode {ResolveMode(request.NetworkMode).Kind}, process {pid}");
    }
}
