using System.Collections.Concurrent;
using Berth.Engine.Events;

namespace Berth.Engine.Networks;

/// <summary>Networks and the containers on them: links, addresses, published ports.</summary>
/// <remarks><c>report</c> is told of failures that no request waits for, such as a rule that could not be restored.</remarks>
public sealed partial class NetworkService(EngineOptions options, EventService events, TimeProvider time, Action<string, Exception> report)
    : IAsyncDisposable
{
    /// <summary>The networks of running containers, by container id.</summary>
    private readonly ConcurrentDictionary<string, SandboxNetwork> _sandboxes = new();

    private readonly EngineOptions _options = options;
    private readonly EventService _events = events;
    private readonly TimeProvider _time = time;
    private readonly Action<string, Exception> _report = report;

    /// <summary>Parses a container's network mode: "default" (or nothing), "bridge", "host", "none", "container:X", or a network's name.</summary>
    public NetworkMode ResolveMode(string? mode)
    {
        const string Container = "container:";
        return mode switch
        {
            null or "" or "default" when _options.Bridge == "none" => new NetworkMode(NetworkModeKind.None, "none"),
            null or "" or "default" or "bridge" => new NetworkMode(NetworkModeKind.Bridge, "bridge"),
            "host" => new NetworkMode(NetworkModeKind.Host, "host"),
            "none" => new NetworkMode(NetworkModeKind.None, "none"),
            _ when mode.StartsWith(Container, StringComparison.Ordinal) => new NetworkMode(NetworkModeKind.Container, mode[Container.Length..]),
            _ => throw NetworkErrors.NotFound(mode),
        };
    }

    /// <summary>Ends the background work. What containers use stays in the kernel: their networks work while no daemon runs.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
