using System.Net;
using Berth.Linux;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// After a start of the daemon, once, before any container is connected: takes over the networks of the containers that still
    /// run, frees those of all others, and puts the default bridge and its rules in place.
    /// </summary>
    /// <returns>The network of each of them, by container id, as <see cref="ConnectAsync"/> returned it.</returns>
    public Task<IReadOnlyDictionary<string, SandboxNetwork>> RestoreAsync(
        IReadOnlyCollection<string> runningContainers, CancellationToken cancellationToken)
    {
        var records = NetworkRecordFile.ReadAll(SandboxDirectory, NetworkRecordJson.Default.SandboxNetwork, report);
        foreach (var facts in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (runningContainers.Contains(facts.ContainerId))
            {
                _sandboxes[facts.ContainerId] = Restore(facts);
            }
            else
            {
                Free(new Sandbox { Facts = facts });
            }
        }

        if (options.Bridge != NoneName)
        {
            RestoreBridge();
        }

        return Task.FromResult<IReadOnlyDictionary<string, SandboxNetwork>>(_sandboxes.ToDictionary(s => s.Key, s => s.Value.Facts));
    }

    /// <summary>What a container was called when it was connected; null where that is not on record.</summary>
    public string? TryReadName(string containerId) => NetworkRecordFile.TryRead(
        SandboxPath(containerId), NetworkRecordJson.Default.SandboxNetwork, (_, _) => { })?.Name;

    private Sandbox Restore(SandboxNetwork facts)
    {
        var address = facts.Networks.TryGetValue(BridgeName, out var endpoint) && IPAddress.TryParse(endpoint.IPAddress, out var parsed) ? parsed : null;
        var reservations = new List<PortReservations.Reservation>();
        foreach (var wish in PortWishes.Published(facts.Ports))
        {
            reservations.Add(Ports.Restore(wish, out var conflict));
            if (conflict is not null)
            {
                report($"take back the ports of {facts.Name}", conflict);
            }
        }

        return new Sandbox
        {
            Facts = facts,
            Address = address,
            Reservations = reservations,
            Ports = address is null ? [] : [.. reservations.Select(r => new PublishedPort(r.Wish.Port, address, r.Wish.Address, r.HostPort))],
        };
    }

    /// <summary>A host where no bridge can be made still runs containers without one; who needs it is told why when he asks for it.</summary>
    private void RestoreBridge()
    {
        try
        {
            var bridge = Bridge();
            foreach (var sandbox in _sandboxes.Values.Where(s => s.Address is not null))
            {
                bridge.Addresses.Take(sandbox.Address!);
            }
        }
        catch (Exception e) when (e is LinuxException or EngineException or IOException or UnauthorizedAccessException)
        {
            report($"set up the bridge {options.Bridge}", e);
        }
    }
}
