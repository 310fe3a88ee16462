using Berth.Api.Containers;

namespace Berth.Engine.Networks;

/// <summary>The network of a running container, as its inspect shows it.</summary>
public sealed record SandboxNetwork
{
    public required string ContainerId { get; init; }

    /// <summary>The container's name, which the network's inspect shows.</summary>
    public required string Name { get; init; }

    public string SandboxId { get; init; } = "";

    /// <summary>Path of the network namespace.</summary>
    public string SandboxKey { get; init; } = "";

    /// <summary>The container's place in each of its networks, by the network's name.</summary>
    public IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; } = new Dictionary<string, EndpointSettings>();

    /// <summary>By container port, such as 80/tcp; null where it is exposed and not published.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; } =
        new Dictionary<string, IReadOnlyList<PortBinding>?>();

    /// <summary>Name of the host's end of the link; null where the container has none.</summary>
    public string? HostLink { get; init; }
}
