using Berth.Linux.Netlink;
using Berth.Linux.Nftables;

namespace Berth.Engine.Networks;

/// <summary>The network namespace that counts as the host's: where bridges are, and where ports are published.</summary>
public sealed class HostNetwork : IDisposable
{
    private readonly NetworkNamespace _namespace;
    private readonly bool _ownNamespace;
    private readonly Lazy<NetlinkSocket> _links;
    private readonly Lazy<NetlinkSocket> _netfilter;

    private HostNetwork(NetworkNamespace network, bool ownNamespace)
    {
        (_namespace, _ownNamespace) = (network, ownNamespace);
        _links = new Lazy<NetlinkSocket>(() => Run(() => NetlinkSocket.Open(NetlinkProtocol.Route)));
        _netfilter = new Lazy<NetlinkSocket>(() => Run(() => NetlinkSocket.Open(NetlinkProtocol.Netfilter)));
    }

    /// <summary>Links, addresses and routes.</summary>
    internal NetlinkSocket Links => _links.Value;

    /// <summary>Firewall.</summary>
    internal NetlinkSocket Netfilter => _netfilter.Value;

    /// <summary>The namespace of this process.</summary>
    public static HostNetwork OfSelf() => new(NetworkNamespace.OfSelf(), ownNamespace: true);

    /// <summary>The namespace of another process, for an engine beside others on one machine.</summary>
    public static HostNetwork OfProcess(int pid) => new(NetworkNamespace.OfProcess(pid), ownNamespace: false);

    public void Dispose()
    {
        if (_links.IsValueCreated)
        {
            _links.Value.Dispose();
        }

        if (_netfilter.IsValueCreated)
        {
            _netfilter.Value.Dispose();
        }

        _namespace.Dispose();
    }

    /// <summary>Runs code whose sockets and files under /proc/sys/net are this namespace's.</summary>
    internal T Run<T>(Func<T> code) => _ownNamespace ? code() : _namespace.Run(code);

    internal NftWatch Watch() => Run(NftWatch.Open);

    /// <summary>Sets a kernel setting, such as net/ipv4/ip_forward, where it has another value.</summary>
    internal void Set(string setting, string value) => Run(() =>
    {
        var path = $"/proc/sys/{setting}";
        if (File.ReadAllText(path).AsSpan().Trim() is var now && !now.SequenceEqual(value))
        {
            File.WriteAllText(path, value);
        }

        return true;
    });

    /// <summary>What comes in by the link from containers is not listened to, beside their traffic of IPv4 itself.</summary>
    internal void Distrust(string link) => Run(() =>
    {
        LinkSettings.DisableIPv6(link);
        LinkSettings.DistrustNeighbours(link);
        return true;
    });

    internal void DisableIPv6(string link) => Run(() =>
    {
        LinkSettings.DisableIPv6(link);
        return true;
    });

    /// <summary>No packet of 127.0.0.0/8 comes or goes by the link any more.</summary>
    internal void KeepLoopback(string link) => Run(() =>
    {
        LinkSettings.KeepLoopback(link);
        return true;
    });

    internal string Get(string setting) => Run(() => File.ReadAllText($"/proc/sys/{setting}").Trim());
}
