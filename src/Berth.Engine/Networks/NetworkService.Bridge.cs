using System.Globalization;
using Berth.Linux;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>The default bridge network. Its link and its rules are put in place when it is first asked for.</summary>
    private BridgeNetwork Bridge()
    {
        lock (_setUp)
        {
            return _bridge ??= SetUpBridge();
        }
    }

    private BridgeNetwork SetUpBridge()
    {
        if (options.Bridge == NoneName)
        {
            throw NetworkErrors.NoBridge();
        }

        var record = Records[BridgeName];
        var (address, prefix) = BridgeNetwork.ChooseAddress(_host, options, record.BridgeAddress);
        var subnet = SubnetChoice.Around(address, prefix);
        var (link, made) = BridgeLink.Ensure(_host, options, address, prefix, record.MadeBridge);
        var firewall = new Firewall(_host, new FirewallRules(options.Bridge, subnet) { Masquerade = options.Masquerade }, time, report);
        firewall.Install(_sandboxes.Values.SelectMany(s => s.Ports));
        var chosen = string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}");
        if (record.BridgeAddress != chosen || (made && !record.MadeBridge))
        {
            record = record with { BridgeAddress = chosen, MadeBridge = record.MadeBridge || made };
            Save(record);
            _records = new Dictionary<string, NetworkRecord>(Records) { [BridgeName] = record };
        }

        var addresses = new AddressPool(subnet, address, options.BridgeRange);
        if (options.DefaultGateway is { } gateway && !gateway.Equals(address))
        {
            addresses.Take(gateway);
        }

        return new BridgeNetwork
        {
            Record = record,
            Link = link,
            Addresses = addresses,
            Gateway = options.DefaultGateway ?? address,
            Firewall = firewall,
        };
    }

    private void RemoveBridge(BridgeNetwork bridge)
    {
        try
        {
            // Without the firewall's rules it would let neighbours reach 127.0.0.1.
            _host.KeepLoopback(options.Bridge);
            bridge.Firewall.Remove();
            // A bridge that something else is still attached to, or that a user made and named, is not ours to remove.
            if (bridge.Record.MadeBridge && _host.Links.Links().All(l => l.Master != bridge.Link))
            {
                _host.Links.Execute(new NetlinkBatch().DeleteLink(options.Bridge));
            }
        }
        catch (LinuxException e)
        {
            report($"remove the bridge {options.Bridge}", e);
        }
    }
}
