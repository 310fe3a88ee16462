using System.Net;

namespace Berth.Engine.Networks;

/// <summary>What a running container has of the host's network, beside what its inspect shows.</summary>
internal sealed record Sandbox
{
    public required SandboxNetwork Facts { get; init; }

    /// <summary>Its address on the bridge; null where it has none.</summary>
    public IPAddress? Address { get; init; }

    public IReadOnlyList<PortReservations.Reservation> Reservations { get; init; } = [];

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];
}
