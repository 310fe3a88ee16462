using System.Text;

namespace Berth.Engine.Networks;

/// <summary>A container's /etc/hosts.</summary>
internal static class HostsFile
{
    private const string Localhost =
        "127.0.0.1\tlocalhost\n" +
        "::1\tlocalhost ip6-localhost ip6-loopback\n" +
        "fe00::\tip6-localnet\n" +
        "ff00::\tip6-mcastprefix\n" +
        "ff02::1\tip6-allnodes\n" +
        "ff02::2\tip6-allrouters\n";

    /// <param name="request">Its names and extra hosts.</param>
    /// <param name="address">The container's address; null where it has none.</param>
    /// <param name="hosts">The host's own file, for a container on the host's network; null otherwise.</param>
    /// <param name="hostGateways">What "host-gateway" stands for; asked for only where that is used.</param>
    internal static string Write(ContainerNetworkRequest request, string? address, string? hosts, Func<IReadOnlyList<string>> hostGateways)
    {
        var text = new StringBuilder(hosts ?? Localhost);
        foreach (var extra in request.ExtraHosts)
        {
            var (name, target) = Split(extra);
            foreach (var place in target == "host-gateway" ? hostGateways() : [target])
            {
                text.Append(place).Append('\t').Append(name).Append('\n');
            }
        }

        if (address is not null)
        {
            text.Append(address).Append('\t');
            if (request.DomainName.Length > 0)
            {
                text.Append(request.Hostname).Append('.').Append(request.DomainName).Append(' ');
            }

            text.Append(request.Hostname).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>name:address or name=address; an IPv6 address may stand in brackets.</summary>
    private static (string Name, string Target) Split(string extra)
    {
        var at = extra.AsSpan().IndexOfAny(':', '=');
        return at <= 0 ? throw NetworkErrors.InvalidExtraHost(extra) : (extra[..at], extra[(at + 1)..].TrimStart('[').TrimEnd(']'));
    }
}
