using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Berth.Linux.Nftables;

namespace Berth.Engine.Networks;

/// <summary>The nftables table of one bridge, as transactions: what its rules are, and how ports come and go.</summary>
/// <remarks>
/// Ports are elements of two maps, so that publishing one adds an element and no rule, and a packet costs one lookup however many
/// there are. A packet that is to be translated is looked up by its exact address first, then, where that is any of this host's,
/// by its port alone.
/// </remarks>
internal sealed record FirewallRules(string Bridge, IPNetwork Subnet)
{
    private const string PortsOfAddress = "ports-of-address";
    private const string PortsOfHost = "ports-of-host";

    private static readonly IPNetwork _loopback = IPNetwork.Parse("127.0.0.0/8");

    /// <summary>Whether what goes out carries an address of this host.</summary>
    internal bool Masquerade { get; init; } = true;

    internal string Table => $"berth-{Bridge}";

    /// <summary>Replaces the table, whatever it is now, in one step: no packet meets half of it.</summary>
    internal NftTransaction Install(IReadOnlyCollection<PublishedPort> ports)
    {
        var transaction = new NftTransaction(Table).AddTable().DeleteTable().AddTable();
        transaction.AddMap(new NftMap(PortsOfAddress, [NftType.IPv4Address, NftType.Protocol, NftType.Port], [NftType.IPv4Address, NftType.Port]));
        transaction.AddMap(new NftMap(PortsOfHost, [NftType.Protocol, NftType.Port], [NftType.IPv4Address, NftType.Port]));
        AddProtection(transaction);
        AddTranslation(transaction);
        return Add(transaction, ports);
    }

    internal NftTransaction Remove() => new NftTransaction(Table).AddTable().DeleteTable();

    internal NftTransaction Publish(IReadOnlyCollection<PublishedPort> ports) => Add(new NftTransaction(Table), ports);

    internal NftTransaction Unpublish(IReadOnlyCollection<PublishedPort> ports)
    {
        var transaction = new NftTransaction(Table);
        transaction.DeleteElements(PortsOfAddress, Elements(ports, onEveryAddress: false));
        return transaction.DeleteElements(PortsOfHost, Elements(ports, onEveryAddress: true));
    }

    /// <summary>Whether the firewall has anything to do for a port: translation is IPv4's alone.</summary>
    internal static bool Translates(PublishedPort port) => port.HostAddress.AddressFamily == AddressFamily.InterNetwork;

    private static NftTransaction Add(NftTransaction transaction, IReadOnlyCollection<PublishedPort> ports)
    {
        transaction.AddElements(PortsOfAddress, Elements(ports, onEveryAddress: false));
        return transaction.AddElements(PortsOfHost, Elements(ports, onEveryAddress: true));
    }

    private void AddProtection(NftTransaction transaction)
    {
        // route_localnet, which lets 127.0.0.1 reach containers, would let containers reach 127.0.0.1 (CVE-2020-8558).
        transaction.AddChain(new NftChain("raw", "filter", NftHook.Prerouting, -300));
        transaction.AddRule("raw", new NftRule().In(Bridge).To(_loopback).Drop());
        // And it would let them speak as this machine itself: to the kernel 127.0.0.2 is no address of its own.
        transaction.AddRule("raw", new NftRule().In(Bridge).From(_loopback).Drop());

        // From outside only what was translated, and answers. Packets between containers stay on the bridge.
        transaction.AddChain(new NftChain("forward", "filter", NftHook.Forward, 0));
        transaction.AddRule("forward", new NftRule().Out(Bridge).NotIn(Bridge).State(ConntrackStates.Established | ConntrackStates.Related).Accept());
        transaction.AddRule("forward", new NftRule().Out(Bridge).NotIn(Bridge).DestinationTranslated().Accept());
        transaction.AddRule("forward", new NftRule().Out(Bridge).NotIn(Bridge).Drop());
    }

    private void AddTranslation(NftTransaction transaction)
    {
        transaction.AddChain(new NftChain("prerouting", "nat", NftHook.Prerouting, -100));
        // A neighbour on the wire may send a packet for 127.0.0.1; routing drops it, unless it were translated before.
        transaction.AddRule("prerouting", new NftRule().To(_loopback).Return());
        transaction.AddChain(new NftChain("output", "nat", NftHook.Output, -100));
        foreach (var chain in (string[])["prerouting", "output"])
        {
            transaction.AddRule(chain, new NftRule().TranslateByAddressAndPort(PortsOfAddress));
            transaction.AddRule(chain, new NftRule().ToThisHost().TranslateByPort(PortsOfHost));
        }

        transaction.AddChain(new NftChain("postrouting", "nat", NftHook.Postrouting, 100));
        if (Masquerade)
        {
            transaction.AddRule("postrouting", new NftRule().From(Subnet).NotOut(Bridge).Masquerade());
        }

        // A container that comes back through a published port: the answer must come by way of this host, which translates it back.
        transaction.AddRule("postrouting", new NftRule().From(Subnet).Out(Bridge).DestinationTranslated().Masquerade());
        transaction.AddRule("postrouting", new NftRule().From(_loopback).Out(Bridge).Masquerade());
    }

    private static IEnumerable<NftElement> Elements(IEnumerable<PublishedPort> ports, bool onEveryAddress) =>
        from port in ports
        where Translates(port) && port.OnEveryAddress == onEveryAddress
        select new NftElement(
            [.. onEveryAddress ? [] : port.HostAddress.GetAddressBytes(), Protocol(port.Port.Protocol), 0, 0, 0, .. Port(port.HostPort)],
            [.. port.ContainerAddress.GetAddressBytes(), .. Port(port.Port.Port)]);

    private static byte Protocol(string name) => name switch
    {
        "tcp" => 6,
        "udp" => 17,
        "sctp" => 132,
        _ => throw NetworkErrors.InvalidPort(name),
    };

    private static byte[] Port(ushort port)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, port);
        return bytes;
    }
}
