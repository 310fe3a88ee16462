namespace Berth.Api.Containers;

/// <summary>Body of <c>POST /containers/create</c>: the configuration itself, with the host's and the network's part beside it.</summary>
public sealed record CreateContainerRequest : ContainerConfig
{
    public HostConfig? HostConfig { get; set; }

    public NetworkingConfig? NetworkingConfig { get; set; }
}

public sealed record NetworkingConfig
{
    /// <summary>Keys are networks' names or ids.</summary>
    public IReadOnlyDictionary<string, EndpointSettings?>? EndpointsConfig { get; set; }
}

public sealed record CreateContainerResponse
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}
