using Berth.Engine.Events;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

/// <summary>The default bridge bn0 of a machine of its own, and places that are connected to it as containers are.</summary>
internal sealed class TestNetwork : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("berth-network-").FullName;
    private Machine? _machine;
    private EventService? _events;
    private NetworkService? _networks;

    internal Place Host => _machine!.Host;

    public async ValueTask InitializeAsync()
    {
        _machine = await Machine.StartAsync();
        _events = new EventService(Path.Combine(_directory, "events"), TimeProvider.System, new Log(TextWriter.Null, LogLevel.Error, TimeProvider.System));
        var options = new EngineOptions
        {
            RuntimePath = "/nowhere",
            DataRoot = Path.Combine(_directory, "data"),
            ExecRoot = Path.Combine(_directory, "run"),
            Bridge = "bn0",
            BridgeAddress = "10.82.0.1/16",
        };
        _networks = new NetworkService(
            options,
            _events,
            TimeProvider.System,
            new DeferredWrites(TimeProvider.System, new Log(TextWriter.Null, LogLevel.Error, TimeProvider.System)),
            (what, e) => Assert.Fail($"{what}: {e.Message}"),
            HostNetwork.OfProcess(_machine.Host.Pid));
    }

    internal async Task<(Place Place, SandboxNetwork Network)> ConnectAsync(string name)
    {
        var place = await _machine!.AddAsync();
        var request = new ContainerNetworkRequest { ContainerId = name, Name = name, Hostname = name };
        return (place, await _networks!.ConnectAsync(request, place.Pid, TestContext.Current.CancellationToken));
    }

    /// <summary>The engine's graceful end, after that of the one container.</summary>
    internal async Task EndAsync(string name, Place place)
    {
        await place.EndAsync();
        await _networks!.DisconnectAsync(name);
        await _networks.DisposeAsync();
        _networks = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_networks is not null)
        {
            await _networks.DisposeAsync();
        }

        _events?.Dispose();

        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
