using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Engine.Networks;

/// <summary>The content of a resolv.conf (resolv.conf(5)).</summary>
internal sealed record ResolvConf(IReadOnlyList<string> Nameservers, IReadOnlyList<string> Search, IReadOnlyList<string> Options)
{
    /// <summary>Used where the host has no name server that a container could reach.</summary>
    private static readonly string[] _publicNameservers = ["8.8.8.8", "8.8.4.4"];

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var nameserver in Nameservers)
        {
            text.Append("nameserver ").Append(nameserver).Append('\n');
        }

        Line("search", Search);
        Line("options", Options);
        return text.ToString();

        void Line(string keyword, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                text.Append(keyword).Append(' ').AppendJoin(' ', values).Append('\n');
            }
        }
    }

    /// <summary>
    /// The host's. Where it names systemd-resolved's stub on 127.0.0.53 and nothing else, the file that systemd keeps with the
    /// real name servers.
    /// </summary>
    internal static ResolvConf OfHost()
    {
        const string Systemd = "/run/systemd/resolve/resolv.conf";
        var host = Read("/etc/resolv.conf");
        return host.Nameservers is ["127.0.0.53"] && File.Exists(Systemd) ? Read(Systemd) : host;
    }

    /// <summary>What a container gets: its own options before the daemon's before the host's.</summary>
    /// <param name="host">The host's file.</param>
    /// <param name="request">The container's options.</param>
    /// <param name="options">The daemon's.</param>
    /// <param name="onHost">The container is on the host's network, and reaches whatever the host does.</param>
    internal static ResolvConf ForContainer(ResolvConf host, ContainerNetworkRequest request, EngineOptions options, bool onHost)
    {
        var nameservers = First(request.Dns, options.Dns, []);
        if (nameservers.Count == 0)
        {
            nameservers = onHost ? host.Nameservers : [.. host.Nameservers.Where(Reachable)];
            nameservers = nameservers.Count == 0 && !onHost ? _publicNameservers : nameservers;
        }

        // "--dns-search ." asks for none at all.
        var search = First(request.DnsSearch, options.DnsSearch, host.Search);
        return new ResolvConf(nameservers, search is ["."] ? [] : search, First(request.DnsOptions, options.DnsOptions, host.Options));
    }

    internal static ResolvConf Parse(string text)
    {
        List<string> nameservers = [];
        IReadOnlyList<string> search = [];
        IReadOnlyList<string> options = [];
        foreach (var line in text.Split('\n'))
        {
            // A "#" or ";" starts a comment only at the beginning of a line.
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..]:
                    nameservers.Add(address);
                    break;
                case ["search" or "domain", .. var domains]:
                    search = domains;
                    break;
                case ["options", .. var values]:
                    options = values;
                    break;
            }
        }

        return new ResolvConf(nameservers, search, options);
    }

    private static ResolvConf Read(string path) => Parse(File.Exists(path) ? File.ReadAllText(path) : "");

    /// <summary>Containers have a loopback of their own, and on this network no IPv6.</summary>
    private static bool Reachable(string nameserver) =>
        IPAddress.TryParse(nameserver, out var address) && address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address);

    private static IReadOnlyList<string> First(IReadOnlyList<string> one, IReadOnlyList<string> two, IReadOnlyList<string> three) =>
        one.Count > 0 ? one : two.Count > 0 ? two : three;
}
