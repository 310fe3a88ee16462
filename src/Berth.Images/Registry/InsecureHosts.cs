using System.Net;
using System.Net.Sockets;

namespace Berth.Images.Registry;

/// <summary>Which registries may do without a certificate that can be verified: those that the user named, and this machine's own.</summary>
internal static class InsecureHosts
{
    private static readonly string[] _always = ["127.0.0.0/8", "::1/128"];

    /// <param name="host">With or without a port.</param>
    public static async Task<bool> ContainAsync(string host, IReadOnlyList<string> configured, CancellationToken cancellationToken)
    {
        if (configured.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var networks = configured.Concat(_always).Select(n => IPNetwork.TryParse(n, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>().ToList();
        return (await AddressesAsync(Name(host), cancellationToken)).Any(address => networks.Exists(n => n.Contains(address)));
    }

    /// <summary>The host without its port.</summary>
    public static string Name(string host) =>
        host.StartsWith('[') ? host[1..Math.Max(1, host.IndexOf(']'))]
        : host.LastIndexOf(':') is var colon and >= 0 ? host[..colon]
        : host;

    private static async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var address))
        {
            return [address];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            // Whoever connects will say that the name is unknown.
            return [];
        }
    }
}
