using System.Globalization;
using System.Net;

namespace Berth.Images.Registry;

/// <summary>The hosts of NO_PROXY, as Go programs read it (golang.org/x/net/http/httpproxy), and so dockerd.</summary>
internal sealed class NoProxyList
{
    private readonly List<Func<Uri, IPAddress?, bool>> _rules = [];

    public NoProxyList(string text)
    {
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Add(entry.ToLowerInvariant());
        }
    }

    /// <summary>This machine's own addresses are never reached through a proxy.</summary>
    public bool Contains(Uri address)
    {
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) ? parsed : null;
        return address.Host == "localhost" || (ip is not null && IPAddress.IsLoopback(ip)) || _rules.Exists(rule => rule(address, ip));
    }

    private void Add(string entry)
    {
        if (entry == "*")
        {
            _rules.Add((_, _) => true);
            return;
        }

        if (entry.Contains('/') && IPNetwork.TryParse(entry, out var network))
        {
            _rules.Add((_, ip) => ip is not null && network.Contains(ip));
            return;
        }

        var (host, port) = Split(entry);
        if (IPAddress.TryParse(host, out var known))
        {
            _rules.Add((address, ip) => known.Equals(ip) && IsPort(address, port));
            return;
        }

        // "x.y" means the host and all below it, ".x.y" and "*.x.y" only those below.
        var domain = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
        var below = domain.StartsWith('.') ? domain : $".{domain}";
        if (below.Length > 1)
        {
            _rules.Add((address, _) =>
                (address.IdnHost.EndsWith(below, StringComparison.OrdinalIgnoreCase) || address.IdnHost.Equals(domain, StringComparison.OrdinalIgnoreCase))
                && IsPort(address, port));
        }
    }

    private static (string Host, int? Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var hasPort = colon >= 0 && (entry.IndexOf(':') == colon || entry[..colon].EndsWith(']'));
        return hasPort && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (entry[..colon].Trim('[', ']'), port)
            : (entry.Trim('[', ']'), null);
    }

    private static bool IsPort(Uri address, int? port) => port is null || port == address.Port;
}
