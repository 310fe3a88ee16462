using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Berth.Api.Containers;
using Berth.Linux.Files;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    private const string ContainerLink = "eth0";
    private static readonly TimeSpan _carrierPatience = TimeSpan.FromMilliseconds(200);
    private static readonly IPNetwork _everywhere = IPNetwork.Parse("0.0.0.0/0");

    /// <summary>
    /// Connects the network namespace of <paramref name="pid"/>, a container's first process that has not executed its program yet:
    /// link, addresses, routes, published ports. On failure everything is undone.
    /// </summary>
    public async Task<SandboxNetwork> ConnectAsync(ContainerNetworkRequest request, int pid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await DisconnectAsync(request.ContainerId);
        var mode = ResolveMode(request.NetworkMode);
        var sandbox = mode.Kind switch
        {
            NetworkModeKind.Bridge => await ConnectToBridgeAsync(request, pid, cancellationToken),
            NetworkModeKind.None => ConnectToNothing(request, pid),
            NetworkModeKind.Host => new Sandbox { Facts = Describe(request, pid, Records[HostName], new EndpointSettings()) },
            // Its network is the other container's, which has connected it.
            _ => new Sandbox { Facts = new SandboxNetwork { ContainerId = request.ContainerId, Name = request.Name } },
        };
        _sandboxes[request.ContainerId] = sandbox;
        foreach (var network in sandbox.Facts.Networks)
        {
            Publish("connect", network.Key, network.Value.NetworkID, request.ContainerId);
        }

        return sandbox.Facts;
    }

    private async Task<Sandbox> ConnectToBridgeAsync(ContainerNetworkRequest request, int pid, CancellationToken cancellationToken)
    {
        var bridge = Bridge();
        await using var undo = new Undo(report);

        var address = TakeAddress(bridge.Addresses, request.IPAddress);
        undo.Push("free the address", () => bridge.Addresses.Free(address));
        var mac = HardwareAddress(request.MacAddress, address);
        var endpointId = NewId();

        var reservations = new List<PortReservations.Reservation>();
        undo.Push("free the ports", () => reservations.ForEach(Ports.Free));
        try
        {
            foreach (var wish in request.Wishes(options.DefaultPublishAddress))
            {
                reservations.Add(Ports.Take(wish));
            }
        }
        catch (EngineException e)
        {
            throw NetworkErrors.Publishing(request.Name, endpointId, e);
        }

        var link = $"veth{endpointId[..7]}";
        undo.Push("remove the link", () => RemoveLinkLater(link));
        AddLink(bridge, link, mac, address, pid);
        await WaitUntilItCarriesAsync(link, cancellationToken);

        PublishedPort[] ports = [.. reservations.Select(r => new PublishedPort(r.Wish.Port, address, r.Wish.Address, r.HostPort))];
        bridge.Firewall.Publish(ports);
        undo.Push("withdraw the ports", () => bridge.Firewall.Unpublish(ports));

        var facts = Describe(request, pid, bridge.Record, new EndpointSettings
        {
            MacAddress = MacText(mac),
            EndpointID = endpointId,
            Gateway = bridge.Gateway.ToString(),
            IPAddress = address.ToString(),
            IPPrefixLen = bridge.Addresses.Subnet.PrefixLength,
        }) with
        { Ports = request.PortMap(ports), HostLink = link };
        PrivateDirectory.Make(SandboxDirectory);
        NetworkRecordFile.Write(SandboxPath(request.ContainerId), facts, NetworkRecordJson.Default.SandboxNetwork);
        undo.Commit();
        return new Sandbox { Facts = facts, Address = address, Reservations = reservations, Ports = ports };
    }

    /// <summary>
    /// Makes the link and everything on it. Both ends lose IPv6 before they are up: an advertisement that was taken would stay a
    /// route, and on a link that is down it is quick.
    /// </summary>
    private void AddLink(BridgeNetwork bridge, string name, PhysicalAddress mac, IPAddress address, int pid)
    {
        using var container = NetworkNamespace.OfProcess(pid);
        _host.Links.Execute(new NetlinkBatch().AddVeth(new VethPair
        {
            Name = name,
            Master = bridge.Link,
            Mtu = options.Mtu,
            PeerName = ContainerLink,
            PeerAddress = mac,
            PeerNamespace = container,
        }));
        _host.DisableIPv6(name);
        // Where frames on the bridge pass the firewall, one that is translated there may have to go back to where it came from: a
        // container that uses its own published port.
        _host.Links.Execute(new NetlinkBatch().ChangeLink(
            new LinkChange
            {
                Name = name,
                Up = true,
                Hairpin = BridgeLink.FramesPassFirewall(_host) ? true : null,
                Isolated = options.InterContainerTraffic ? null : true,
            }));
        using var inside = container.Run(() =>
        {
            LinkSettings.DisableIPv6(ContainerLink);
            return NetlinkSocket.Open(NetlinkProtocol.Route);
        });
        var link = inside.FindLink(ContainerLink)?.Index ?? 0;
        inside.Execute(new NetlinkBatch()
            .ChangeLink(new LinkChange { Name = "lo", Up = true })
            .AddAddress(link, address, bridge.Addresses.Subnet.PrefixLength)
            .ChangeLink(new LinkChange { Index = link, Up = true })
            .AddRoute(_everywhere, bridge.Gateway, link));
    }

    /// <summary>
    /// The kernel's bridge takes notice of a new link's carrier by a piece of work that it queues. Until then it drops what comes,
    /// and who loses his first question for an address asks again after a second. Kernels since 6.8 do that work before they
    /// answer the question here; with older ones it is a matter of a moment.
    /// </summary>
    private async Task WaitUntilItCarriesAsync(string link, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (_host.Links.FindLink(link) is { Carries: false } && time.GetElapsedTime(started) < _carrierPatience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }

    private Sandbox ConnectToNothing(ContainerNetworkRequest request, int pid)
    {
        using var container = NetworkNamespace.OfProcess(pid);
        using var inside = container.OpenSocket(NetlinkProtocol.Route);
        inside.Execute(new NetlinkBatch().ChangeLink(new LinkChange { Name = "lo", Up = true }));
        return new Sandbox { Facts = Describe(request, pid, Records[NoneName], new EndpointSettings()) };
    }

    private static SandboxNetwork Describe(ContainerNetworkRequest request, int pid, NetworkRecord network, EndpointSettings endpoint) => new()
    {
        ContainerId = request.ContainerId,
        Name = request.Name,
        SandboxId = NewId(),
        SandboxKey = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"),
        Networks = new Dictionary<string, EndpointSettings>
        {
            [network.Name] = endpoint with
            {
                NetworkID = network.Id,
                EndpointID = endpoint.EndpointID.Length > 0 ? endpoint.EndpointID : NewId(),
                Aliases = request.Aliases.Count > 0 ? request.Aliases : null,
            },
        },
        Ports = request.PortMap([]),
    };

    private static IPAddress TakeAddress(AddressPool pool, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return pool.Take();
        }

        var address = AddressText.Parse(wanted) ?? throw NetworkErrors.InvalidAddress(wanted);
        pool.Take(address);
        return address;
    }

    /// <summary>Docker's hardware address for a container: 02:42, then the four bytes of its IPv4 address.</summary>
    private static PhysicalAddress HardwareAddress(string? wanted, IPAddress address)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return new PhysicalAddress([0x02, 0x42, .. address.GetAddressBytes()]);
        }

        return PhysicalAddress.TryParse(wanted, out var parsed) && parsed.GetAddressBytes() is { Length: 6 } bytes && IsOfOneLink(bytes)
            ? parsed
            : throw NetworkErrors.InvalidMacAddress(wanted);
    }

    /// <summary>Neither nobody's nor a group's: the kernel gives a link no other.</summary>
    private static bool IsOfOneLink(byte[] address) => (address[0] & 1) == 0 && address.Any(part => part != 0);

    private static string MacText(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private string SandboxPath(string containerId) => Path.Combine(SandboxDirectory, $"{containerId}.json");

    private void Publish(string action, string network, string networkId, string containerId) =>
        events.Publish("network", action, networkId, new Dictionary<string, string>
        {
            ["container"] = containerId,
            ["name"] = network,
            ["type"] = Records[network].Driver,
        });
}
