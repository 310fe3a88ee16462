using System.Net;
using Berth.Linux.Netlink;
using Berth.Linux.Nftables;
using Berth.Linux.Tests.Netlink;

namespace Berth.Linux.Tests.Nftables;

/// <summary>Transactions as bytes, and as what nft reads back from the kernel.</summary>
public sealed class NftTransactionTests
{
    private const string Begin = "14000000 1000 0100 00000000 00000000 00 00 000a # NFNL_MSG_BATCH_BEGIN, nftables\n";
    private const string End = "14000000 1100 0100 00000000 00000000 00 00 000a # NFNL_MSG_BATCH_END\n";

    [Fact]
    public void A_table_stands_between_the_begin_and_the_end_of_its_batch() => NetlinkBytes.AreEqual(
        Begin +
        """
        1c000000 000a 0504 00000000 00000000      # NFT_MSG_NEWTABLE, REQUEST ACK CREATE
        02 00 0000                                # NFPROTO_IPV4
        0700 0100 626e00 00                       # NFTA_TABLE_NAME bn

        """ + End,
        new NftTransaction("bn").AddTable().Complete().ToArray());

    [Fact]
    public void Only_the_last_message_asks_for_an_answer() => NetlinkBytes.AreEqual(
        Begin +
        """
        1c000000 000a 0104 00000000 00000000 02 00 0000 0700 0100 626e00 00
        1c000000 020a 0500 00000000 00000000 02 00 0000 0700 0100 626e00 00

        """ + End,
        new NftTransaction("bn").AddTable().DeleteTable().Complete().ToArray());

    [Fact]
    public void A_base_chain_has_its_hook_its_priority_and_its_policy() => NetlinkBytes.AreEqual(
        Begin +
        """
        48000000 030a 0504 00000000 00000000 02 00 0000
        0700 0100 626e00 00                       # NFTA_CHAIN_TABLE
        0700 0300 707200 00                       # NFTA_CHAIN_NAME pr
        1400 0480                                 # NFTA_CHAIN_HOOK
          0800 0100 00000000                      #   prerouting
          0800 0200 ffffff9c                      #   priority -100
        0800 0500 00000001                        # NFTA_CHAIN_POLICY accept
        0800 0700 6e617400                        # NFTA_CHAIN_TYPE nat

        """ + End,
        new NftTransaction("bn").AddChain(new NftChain("pr", "nat", NftHook.Prerouting, -100)).Complete().ToArray());

    [Fact]
    public void A_rule_is_a_list_of_expressions() => NetlinkBytes.AreEqual(
        Begin +
        """
        b4000000 060a 050c 00000000 00000000 02 00 0000   # NFT_MSG_NEWRULE, REQUEST ACK CREATE APPEND
        0700 0100 626e00 00
        0700 0200 666f00 00                       # NFTA_RULE_CHAIN fo
        9000 0480                                 # NFTA_RULE_EXPRESSIONS
          2400 0180                               #   NFTA_LIST_ELEM
            0900 0100 6d65746100 000000           #     meta
            1400 0280 0800 0100 00000001 0800 0200 00000006   # register 1, iifname
          3800 0180
            0800 0100 636d7000                    #     cmp
            2c00 0280
              0800 0100 00000001                  #       register 1
              0800 0200 00000000                  #       equal
              1800 0380 1400 0100 62720000000000000000000000000000   # br
          3000 0180
            0e00 0100 696d6d65646961746500 0000   #     immediate
            1c00 0280
              0800 0100 00000000                  #       the verdict
              1000 0280 0c00 0280 0800 0100 00000000   #  drop

        """ + End,
        new NftTransaction("bn").AddRule("fo", new NftRule().In("br").Drop()).Complete().ToArray());

    [Fact]
    public void A_comment_is_user_data_that_is_read_back()
    {
        Assert.Equal([0, 3, (byte)'h', (byte)'i', 0], NftComment.Encode("hi"));
        Assert.Equal("hi", NftComment.Decode([7, 1, 9, .. NftComment.Encode("hi")]));
        Assert.Null(NftComment.Decode([0, 200, 1]));
        Assert.Null(NftComment.Decode([]));
    }

    [Fact]
    public void The_kernel_has_what_was_sent_as_nft_tells_it()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "needs nft, to read back what is there");
        using var place = new EmptyNamespace();
        using var socket = place.Network.OpenSocket(NetlinkProtocol.Netfilter);
        var transaction = new NftTransaction("bn").AddTable().DeleteTable().AddTable()
            .AddMap(new NftMap("ports", [NftType.Protocol, NftType.Port], [NftType.IPv4Address, NftType.Port]))
            .AddMap(new NftMap("addressed", [NftType.IPv4Address, NftType.Protocol, NftType.Port], [NftType.IPv4Address, NftType.Port]))
            .AddChain(new NftChain("pre", "nat", NftHook.Prerouting, -100))
            .AddRule("pre", new NftRule().TranslateByAddressAndPort("addressed"))
            .AddRule("pre", new NftRule().ToThisHost().TranslateByPort("ports"))
            .AddChain(new NftChain("fwd", "filter", NftHook.Forward, 0))
            .AddRule("fwd", new NftRule().Out("br0").NotIn("br0").State(ConntrackStates.Established | ConntrackStates.Related).Accept())
            .AddRule("fwd", new NftRule().Out("br0").DestinationTranslated().Count().Comment("mine").Accept())
            .InsertRule("fwd", new NftRule().From(IPNetwork.Parse("10.0.0.0/9")).To(IPNetwork.Parse("10.1.2.3/32")).Return())
            .AddElements("ports", [new NftElement([6, 0, 0, 0, 0x1f, 0x90, 0, 0], [10, 82, 0, 2, 0, 80, 0, 0])])
            .AddElements("addressed", [new NftElement([127, 0, 0, 1, 17, 0, 0, 0, 0, 53, 0, 0], [10, 82, 0, 3, 0x14, 0xe9, 0, 0])]);
        socket.Execute(transaction.Complete());

        var lines = place.Run("nft", "-n", "list", "table", "ip", "bn").Split('\n').Select(l => l.Trim()).ToList();
        Assert.Contains("type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service", lines);
        Assert.Contains("elements = { 6 . 8080 : 10.82.0.2 . 80 }", lines);
        Assert.Contains("elements = { 127.0.0.1 . 17 . 53 : 10.82.0.3 . 5353 }", lines);
        Assert.Contains("type nat hook prerouting priority -100; policy accept;", lines);
        Assert.Contains("dnat ip to ip daddr . meta l4proto . th dport map @addressed", lines);
        Assert.Contains("fib daddr type 2 dnat ip to meta l4proto . th dport map @ports", lines);
        Assert.Equal(
            [
                "ip saddr 10.0.0.0/9 ip daddr 10.1.2.3 return",
                "oifname \"br0\" iifname != \"br0\" ct state 0x2,0x4 accept",
                "oifname \"br0\" ct status 0x20 counter packets 0 bytes 0 accept comment \"mine\"",
            ],
            lines.SkipWhile(l => !l.StartsWith("type filter", StringComparison.Ordinal)).Skip(1).Take(3));

        Assert.True(socket.HasTable("bn"));
        Assert.False(socket.HasTable("other"));
        Assert.Contains(new NftChainFacts("bn", "fwd", false), socket.Chains());
        Assert.Equal(["mine"], socket.Rules("bn", "fwd").Select(r => r.Comment).OfType<string>());
    }

    [Fact]
    public void A_transaction_that_fails_changes_nothing()
    {
        using var place = new EmptyNamespace();
        using var socket = place.Network.OpenSocket(NetlinkProtocol.Netfilter);
        var failure = socket.TryExecute(new NftTransaction("bn").AddTable().DeleteRule("nowhere", 7).AddChain(new NftChain("c", "filter", NftHook.Input, 0)).Complete());
        Assert.Equal(Errno.ENOENT, failure!.Errno);
        Assert.False(socket.HasTable("bn"));
        socket.Execute(new NftTransaction("bn").AddTable().Complete());
        Assert.True(socket.HasTable("bn"));
    }

    [Fact]
    public void Thousands_of_elements_go_in_one_transaction()
    {
        using var place = new EmptyNamespace();
        using var socket = place.Network.OpenSocket(NetlinkProtocol.Netfilter);
        var elements = Enumerable.Range(1, 20_000).Select(i => new NftElement([6, 0, 0, 0, (byte)(i >> 8), (byte)i, 0, 0], [10, 82, 0, 2, 0, 80, 0, 0])).ToList();
        socket.Execute(new NftTransaction("bn").AddTable()
            .AddMap(new NftMap("ports", [NftType.Protocol, NftType.Port], [NftType.IPv4Address, NftType.Port]))
            .AddElements("ports", elements).Complete());
        socket.Execute(new NftTransaction("bn").DeleteElements("ports", elements).Complete());
    }

    [Fact]
    public async Task Changes_by_others_are_noticed_and_our_own_are_not()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "needs nft, to be the other program");
        using var place = new EmptyNamespace();
        using var socket = place.Network.OpenSocket(NetlinkProtocol.Netfilter);
        using var watch = place.Network.Run(NftWatch.Open);
        socket.Execute(new NftTransaction("ours").AddTable().Complete());
        var next = watch.NextAsync(socket, TestContext.Current.CancellationToken);
        place.Run("nft", "add", "table", "ip", "theirs");
        Assert.Equal(["theirs"], (await next.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken))!);
    }
}
