using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>A container's networks as inspect and list show them: while it runs what it has, otherwise what it asked for.</summary>
internal static class NetworkViews
{
    public static NetworkSettings Of(Container container)
    {
        var networks = NetworksOf(container);
        var network = container.Run?.Network;
        var bridge = networks.GetValueOrDefault("bridge") ?? new EndpointSettings();
        return new NetworkSettings
        {
            SandboxID = network?.SandboxId ?? "",
            SandboxKey = network?.SandboxKey ?? "",
            Ports = network?.Ports ?? new Dictionary<string, IReadOnlyList<PortBinding>?>(),
            EndpointID = bridge.EndpointID,
            Gateway = bridge.Gateway,
            GlobalIPv6Address = bridge.GlobalIPv6Address,
            GlobalIPv6PrefixLen = bridge.GlobalIPv6PrefixLen,
            IPAddress = bridge.IPAddress,
            IPPrefixLen = bridge.IPPrefixLen,
            IPv6Gateway = bridge.IPv6Gateway,
            MacAddress = bridge.MacAddress,
            Networks = networks,
        };
    }

    public static IReadOnlyDictionary<string, EndpointSettings> NetworksOf(Container container)
    {
        if (container.Run?.Network is not { } network)
        {
            return container.Record.Endpoints;
        }

        // What was asked for stays visible beside what it became.
        return network.Networks.ToDictionary(
            n => n.Key,
            n => container.Record.Endpoints.TryGetValue(n.Key, out var asked)
                ? n.Value with { IPAMConfig = asked.IPAMConfig, Links = asked.Links, Aliases = asked.Aliases, DriverOpts = asked.DriverOpts }
                : n.Value);
    }

    public static IReadOnlyList<PortSummary> PortsOf(Container container)
    {
        var ports = new List<PortSummary>();
        foreach (var (key, bindings) in container.Run?.Network?.Ports ?? new Dictionary<string, IReadOnlyList<PortBinding>?>())
        {
            var parts = key.Split('/');
            var port = new PortSummary { PrivatePort = ushort.Parse(parts[0], CultureInfo.InvariantCulture), Type = parts.ElementAtOrDefault(1) ?? "tcp" };
            if (bindings is null or [])
            {
                ports.Add(port);
            }

            ports.AddRange((bindings ?? []).Select(b => port with
            {
                IP = b.HostIp,
                PublicPort = ushort.TryParse(b.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ushort)0,
            }));
        }

        return ports;
    }
}
