using System.Collections.Concurrent;
using Berth.Engine.Events;

namespace Berth.Engine.Networks;

/// <summary>Networks and the containers on them: links, addresses, published ports.</summary>
/// <remarks>
/// What it makes lives in the kernel and goes on working while no daemon runs. <c>report</c> is told of failures that no request
/// waits for, such as a rule that could not be restored. Without a <c>host</c> the host's network is that of this process.
/// </remarks>
public sealed partial class NetworkService(
    EngineOptions options, EventService events, TimeProvider time, DeferredWrites writes, Action<string, Exception> report, HostNetwork? host = null) : IAsyncDisposable
{
    private const string BridgeName = "bridge";
    private const string HostName = "host";
    private const string NoneName = "none";

    private readonly HostNetwork _host = host ?? HostNetwork.OfSelf();
    private readonly Lock _setUp = new();
    private readonly ConcurrentDictionary<string, Sandbox> _sandboxes = new();
    private readonly ConcurrentDictionary<string, Task> _linkRemovals = new();
    private PortReservations? _ports;
    private IReadOnlyDictionary<string, NetworkRecord>? _records;
    private BridgeNetwork? _bridge;

    private string NetworksDirectory => Path.Combine(options.DataRoot, "networks");

    /// <summary>Records of running containers' networks: of no use after a reboot.</summary>
    private string SandboxDirectory => Path.Combine(options.ExecRoot, "networks");

    private PortReservations Ports
    {
        get
        {
            lock (_setUp)
            {
                return _ports ??= new PortReservations(_host);
            }
        }
    }

    /// <summary>Parses a container's network mode: "default" (or nothing), "bridge", "host", "none", "container:X", or a network's name.</summary>
    public NetworkMode ResolveMode(string? mode)
    {
        const string Container = "container:";
        return mode switch
        {
            null or "" or "default" or BridgeName when options.Bridge == NoneName => new NetworkMode(NetworkModeKind.None, NoneName),
            null or "" or "default" or BridgeName => new NetworkMode(NetworkModeKind.Bridge, BridgeName),
            HostName => new NetworkMode(NetworkModeKind.Host, HostName),
            NoneName => new NetworkMode(NetworkModeKind.None, NoneName),
            _ when mode.StartsWith(Container, StringComparison.Ordinal) => new NetworkMode(NetworkModeKind.Container, mode[Container.Length..]),
            _ => Find(mode).Driver switch
            {
                HostName => new NetworkMode(NetworkModeKind.Host, HostName),
                "null" => new NetworkMode(NetworkModeKind.None, NoneName),
                _ => new NetworkMode(NetworkModeKind.Bridge, BridgeName),
            },
        };
    }

    /// <summary>
    /// Ends the background work. What containers use stays; where no container is left, the bridge and the rules go too.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_linkRemovals.Values);
        if (_bridge is { } bridge)
        {
            if (_sandboxes.Values.All(s => s.Address is null))
            {
                RemoveBridge(bridge);
            }

            await bridge.Firewall.DisposeAsync();
        }

        _ports?.Dispose();
        _host.Dispose();
    }

    private static string NewId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
}
