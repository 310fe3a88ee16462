namespace Berth.Api.Networks;

/// <summary>A network, as lists and inspect show it.</summary>
public sealed record NetworkInspect
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public required string Created { get; init; }

    public string Scope { get; init; } = "local";

    public required string Driver { get; init; }

    public bool EnableIPv4 { get; init; } = true;

    public bool EnableIPv6 { get; init; }

    public required NetworkIpam IPAM { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool Ingress { get; init; }

    public NetworkReference ConfigFrom { get; init; } = new();

    public bool ConfigOnly { get; init; }

    /// <summary>Running containers, by id.</summary>
    public IReadOnlyDictionary<string, NetworkEndpoint> Containers { get; init; } = new Dictionary<string, NetworkEndpoint>();

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>How a network's addresses are managed.</summary>
public sealed record NetworkIpam
{
    public string Driver { get; init; } = "default";

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyList<NetworkSubnet>? Config { get; init; }
}

public sealed record NetworkSubnet
{
    public string Subnet { get; init; } = "";

    public string Gateway { get; init; } = "";
}

/// <summary>The network whose configuration another one takes.</summary>
public sealed record NetworkReference
{
    public string Network { get; init; } = "";
}

/// <summary>A container's place in a network.</summary>
public sealed record NetworkEndpoint
{
    public string Name { get; init; } = "";

    public string EndpointID { get; init; } = "";

    public string MacAddress { get; init; } = "";

    /// <summary>With the prefix length.</summary>
    public string IPv4Address { get; init; } = "";

    public string IPv6Address { get; init; } = "";
}
