using System.Text.Json;
using System.Text.Json.Serialization;
using Berth.Api.Containers;
using Berth.Engine.Containers.Links;
using Berth.Oci;

namespace Berth.Engine.Containers;

/// <summary>What the engine keeps of a container, as container.json.</summary>
public sealed record ContainerRecord
{
    /// <summary>The form that this release writes. A higher one comes from a later release.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required string Id { get; init; }

    /// <summary>Without the slash that the API puts before it.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required Digest ImageId { get; init; }

    /// <summary>The request's configuration, completed by the image's.</summary>
    public required ContainerConfig Config { get; init; }

    public required HostConfig HostConfig { get; init; }

    /// <summary>What the daemon's default was when the container was made; HostConfig has only what the user said.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>What was asked of each network, by its name.</summary>
    public IReadOnlyDictionary<string, EndpointSettings> Endpoints { get; init; } = new Dictionary<string, EndpointSettings>();

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Legacy links; null: none.</summary>
    public IReadOnlyList<ContainerLink>? Links { get; init; }

    public RunState State { get; init; } = new();

    public int RestartCount { get; init; }

    /// <summary>A user stopped it: its restart policy is not to start it, and unless-stopped not after a start of the daemon either.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>What another release knows and this one does not: it is written again as it was read.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>Nothing is null that must not be; what reads JSON does not look at that.</summary>
    internal bool IsWhole() => Id is not null && Name is not null && Config is not null && HostConfig is not null && Endpoints is not null
        && State is { Error: not null } && Mounts is not null && Mounts.All(m => m is { Destination: not null, Source: not null });
}
