using System.Net;
using System.Net.NetworkInformation;
using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Messages of rtnetlink, byte for byte (little endian, as all machines that Berth runs on are).</summary>
public sealed class MessageTests
{
    [Fact]
    public void A_link_is_deleted_by_its_name() => NetlinkBytes.AreEqual(
        """
        2c000000 1100 0500 00000000 00000000      # 44 bytes, RTM_DELLINK, REQUEST ACK
        00 00 0000 00000000 00000000 00000000     # ifinfomsg
        0a00 0300 766574683100 0000               # IFLA_IFNAME veth1
        """,
        new NetlinkBatch().DeleteLink("veth1").ToArray());

    [Fact]
    public void A_link_is_switched_on_by_its_index() => NetlinkBytes.AreEqual(
        """
        20000000 1000 0500 00000000 00000000      # RTM_NEWLINK, REQUEST ACK, without CREATE
        00 00 0000 02000000 01000000 01000000     # index 2, flags IFF_UP, change IFF_UP
        """,
        new NetlinkBatch().ChangeLink(new LinkChange { Index = 2, Up = true }).ToArray());

    [Fact]
    public void A_port_of_a_bridge_becomes_a_hairpin_without_a_link_local_address() => NetlinkBytes.AreEqual(
        """
        54000000 1000 0500 00000000 00000000
        00 00 0000 00000000 00000000 00000000
        0700 0300 766500 00                       # IFLA_IFNAME ve
        1c00 1280                                 # IFLA_LINKINFO, nested
          0b00 0400 62726964676500 00             #   IFLA_INFO_SLAVE_KIND bridge
          0c00 0580 0500 0400 01 000000           #   IFLA_INFO_SLAVE_DATA: IFLA_BRPORT_MODE 1
        1000 1a80 0c00 0a80 0500 0800 01 000000   # IFLA_AF_SPEC: AF_INET6: IFLA_INET6_ADDR_GEN_MODE none
        """,
        new NetlinkBatch().ChangeLink(new LinkChange { Name = "ve", Hairpin = true, NoLinkLocalAddress = true }).ToArray());

    [Fact]
    public void A_port_of_a_bridge_is_isolated_from_the_others() => NetlinkBytes.AreEqual(
        """
        44000000 1000 0500 00000000 00000000
        00 00 0000 00000000 00000000 00000000
        0700 0300 766500 00                       # IFLA_IFNAME ve
        1c00 1280                                 # IFLA_LINKINFO, nested
          0b00 0400 62726964676500 00             #   IFLA_INFO_SLAVE_KIND bridge
          0c00 0580 0500 2100 01 000000           #   IFLA_INFO_SLAVE_DATA: IFLA_BRPORT_ISOLATED 1
        """,
        new NetlinkBatch().ChangeLink(new LinkChange { Name = "ve", Isolated = true }).ToArray());

    [Fact]
    public void A_bridge_is_made_with_its_hardware_address() => NetlinkBytes.AreEqual(
        """
        4c000000 1000 0506 00000000 00000000      # RTM_NEWLINK, REQUEST ACK CREATE EXCL
        00 00 0000 00000000 00000000 00000000
        0800 0300 62723000                        # IFLA_IFNAME br0
        0800 0400 dc050000                        # IFLA_MTU 1500
        0a00 0100 024201020304 0000               # IFLA_ADDRESS
        1000 1280 0b00 0100 62726964676500 00     # IFLA_LINKINFO: IFLA_INFO_KIND bridge
        """,
        new NetlinkBatch().AddBridge("br0", 1500, PhysicalAddress.Parse("02:42:01:02:03:04")).ToArray());

    [Fact]
    public void An_address_carries_its_broadcast_address() => NetlinkBytes.AreEqual(
        """
        30000000 1400 0506 00000000 00000000      # RTM_NEWADDR, REQUEST ACK CREATE EXCL
        02 10 00 00 02000000                      # AF_INET /16, link 2
        0800 0200 0a520002                        # IFA_LOCAL 10.82.0.2
        0800 0100 0a520002                        # IFA_ADDRESS
        0800 0400 0a52ffff                        # IFA_BROADCAST 10.82.255.255
        """,
        new NetlinkBatch().AddAddress(2, IPAddress.Parse("10.82.0.2"), 16).ToArray());

    [Fact]
    public void An_IPv6_address_is_used_without_asking() => NetlinkBytes.AreEqual(
        """
        40000000 1400 0506 00000000 00000000
        0a 40 02 00 03000000                      # AF_INET6 /64, IFA_F_NODAD, link 3
        1400 0200 fd000000000000000000000000000001
        1400 0100 fd000000000000000000000000000001
        """,
        new NetlinkBatch().AddAddress(3, IPAddress.Parse("fd00::1"), 64).ToArray());

    [Fact]
    public void The_default_route_has_a_gateway_and_no_destination() => NetlinkBytes.AreEqual(
        """
        2c000000 1800 0506 00000000 00000000      # RTM_NEWROUTE, REQUEST ACK CREATE EXCL
        02 00 00 00 fe 03 00 01 00000000          # AF_INET, main table, boot, universe, unicast
        0800 0500 0a520001                        # RTA_GATEWAY 10.82.0.1
        0800 0400 02000000                        # RTA_OIF 2
        """,
        new NetlinkBatch().AddRoute(IPNetwork.Parse("0.0.0.0/0"), IPAddress.Parse("10.82.0.1"), 2).ToArray());

    [Fact]
    public void Several_messages_follow_one_another()
    {
        var both = new NetlinkBatch().DeleteLink("veth1").DeleteLink("veth2");
        Assert.Equal(2, both.Count);
        Assert.Equal([.. new NetlinkBatch().DeleteLink("veth1").ToArray(), .. new NetlinkBatch().DeleteLink("veth2").ToArray()], both.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0400")]
    [InlineData("03000100")]
    [InlineData("ffff010041424344")]
    public void Attributes_that_do_not_fit_end_the_list(string hex)
    {
        var attributes = new NetlinkAttributes(Convert.FromHexString(hex));
        Assert.False(attributes.Next());
    }

    [Theory]
    [InlineData("0f000000100000000100000000000000")]
    [InlineData("ffffffff100000000100000000000000")]
    [InlineData("1000000010")]
    public void Messages_that_do_not_fit_end_the_list(string hex) =>
        Assert.Empty(NetlinkMessage.Split(Convert.FromHexString(hex)));
}
