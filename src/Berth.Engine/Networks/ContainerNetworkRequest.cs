using Berth.Api.Containers;

namespace Berth.Engine.Networks;

/// <summary>What a container asks of its network when it starts.</summary>
public sealed record ContainerNetworkRequest
{
    public required string ContainerId { get; init; }

    /// <summary>Without the slash before it.</summary>
    public required string Name { get; init; }

    public required string Hostname { get; init; }

    public string DomainName { get; init; } = "";

    /// <summary>The value of HostConfig.NetworkMode, as <see cref="NetworkService.ResolveMode"/> takes it.</summary>
    public string NetworkMode { get; init; } = "default";

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>An address that the user chose; null: the next free one.</summary>
    public string? IPAddress { get; init; }

    /// <summary>A hardware address that the user chose; null: one made from the address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Such as 80/tcp.</summary>
    public IReadOnlyCollection<string> ExposedPorts { get; init; } = [];

    /// <summary>HostConfig.PortBindings: by container port, such as 80/tcp.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> PortBindings { get; init; } =
        new Dictionary<string, IReadOnlyList<PortBinding>?>();

    /// <summary>Publish every exposed port that has no binding on a port of the host's ephemeral range.</summary>
    public bool PublishAllPorts { get; init; }

    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>Such as db:10.0.0.5 or gateway:host-gateway.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];
}
