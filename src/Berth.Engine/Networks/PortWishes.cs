using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Networks;

/// <summary>From a container's port options to what is to be published, and back to the map that its inspect shows.</summary>
internal static class PortWishes
{
    /// <summary>One wish for each binding, and for each exposed port without one where all are to be published.</summary>
    internal static IEnumerable<PortWish> Wishes(this ContainerNetworkRequest request, string defaultAddress)
    {
        var bound = request.PortBindings.Where(b => b.Value is { Count: > 0 }).Select(b => (Port: ContainerPort.Parse(b.Key), Bindings: b.Value!)).ToList();
        foreach (var (port, bindings) in bound)
        {
            foreach (var binding in bindings)
            {
                yield return Wish(port, binding, defaultAddress);
            }
        }

        if (request.PublishAllPorts)
        {
            foreach (var port in request.Exposed().Except(bound.Select(b => b.Port)))
            {
                yield return Wish(port, new PortBinding(), defaultAddress);
            }
        }
    }

    /// <summary>All ports that the container exposes or publishes, with where they are reachable.</summary>
    internal static Dictionary<string, IReadOnlyList<PortBinding>?> PortMap(this ContainerNetworkRequest request, IReadOnlyCollection<PublishedPort> published)
    {
        var map = new Dictionary<string, IReadOnlyList<PortBinding>?>();
        foreach (var port in request.Exposed().Concat(request.PortBindings.Keys.Select(ContainerPort.Parse)).Distinct())
        {
            PortBinding[] bindings =
            [
                .. from p in published
                   where p.Port == port
                   select new PortBinding { HostIp = p.HostAddress.ToString(), HostPort = p.HostPort.ToString(CultureInfo.InvariantCulture) },
            ];
            map[port.ToString()] = bindings.Length > 0 ? bindings : null;
        }

        return map.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary();
    }

    /// <summary>What a map that inspect showed says is published, for a container that runs since before this process.</summary>
    internal static IEnumerable<PortWish> Published(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> map) =>
        from entry in map
        from binding in entry.Value ?? []
        select Wish(ContainerPort.Parse(entry.Key), binding, binding.HostIp);

    // Images expose ranges (builders write one port each), and what is no port at all. It is shown as it is, and not published.
    private static IEnumerable<ContainerPort> Exposed(this ContainerNetworkRequest request) => request.ExposedPorts.SelectMany(ContainerPort.Exposed);

    private static PortWish Wish(ContainerPort port, PortBinding binding, string defaultAddress)
    {
        var address = binding.HostIp.Length > 0 ? binding.HostIp : defaultAddress;
        return new PortWish(
            port,
            AddressText.Parse(address) ?? throw NetworkErrors.InvalidAddress(address),
            PortRange.TryParse(binding.HostPort, out var range) ? range : throw NetworkErrors.InvalidPort(binding.HostPort));
    }
}
