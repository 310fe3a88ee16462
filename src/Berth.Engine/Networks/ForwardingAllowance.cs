using Berth.Linux.Nftables;

namespace Berth.Engine.Networks;

/// <summary>
/// Lets our packets through another program's filter: Docker and many hosts have iptables drop whatever is forwarded and not
/// allowed there, and no accept of ours can outvote the drop of another table.
/// </summary>
/// <remarks>
/// Our rules stand in iptables' own chain, in the form that iptables-nft writes, with a comment that says whose they are: in
/// DOCKER-USER, which Docker leaves to others, or where there is none in a FORWARD that drops. What is not handled: the old
/// iptables-legacy, and other tables of nftables with a drop of their own (there an administrator has to allow the bridge).
/// </remarks>
internal sealed class ForwardingAllowance(HostNetwork host, string bridge)
{
    internal const string Table = "filter";

    private const string Forward = "FORWARD";
    private const string DockerUser = "DOCKER-USER";

    private readonly string _comment = $"berth {bridge}";

    /// <summary>Brings the rules to where they belong now; does nothing where they are there.</summary>
    internal void Ensure()
    {
        var chains = host.Netfilter.Chains().Where(c => c.Table == Table).ToList();
        var target = chains.Any(c => c.Name == DockerUser) ? DockerUser : chains.Any(c => c is { Name: Forward, PolicyDrop: true }) ? Forward : null;
        var wanted = target is null ? [] : Rules(target);
        var present = Present(chains);
        if (present.Count == wanted.Count && present.All(p => p.Chain == target))
        {
            return;
        }

        var transaction = Delete(present);
        // Each goes to the front: the last one first.
        foreach (var rule in Enumerable.Reverse(wanted))
        {
            transaction.InsertRule(target!, rule);
        }

        host.Netfilter.Execute(transaction.Complete());
    }

    internal void Remove()
    {
        var present = Present([.. host.Netfilter.Chains().Where(c => c.Table == Table)]);
        if (present.Count > 0)
        {
            host.Netfilter.Execute(Delete(present).Complete());
        }
    }

    private static NftTransaction Delete(IEnumerable<(string Chain, ulong Handle)> rules)
    {
        var transaction = new NftTransaction(Table);
        foreach (var (chain, handle) in rules)
        {
            transaction.DeleteRule(chain, handle);
        }

        return transaction;
    }

    private List<(string Chain, ulong Handle)> Present(IReadOnlyCollection<NftChainFacts> chains) =>
    [
        .. from chain in chains
           where chain.Name is Forward or DockerUser
           from rule in host.Netfilter.Rules(Table, chain.Name)
           where rule.Comment == _comment
           select (chain.Name, rule.Handle),
    ];

    private List<NftRule> Rules(string chain)
    {
        List<NftRule> rules =
        [
            Rule().IptablesIn(bridge).Count().Accept(),
            Rule().IptablesOut(bridge).Count().Accept(),
        ];
        // What goes from our containers to Docker's stays Docker's to decide, behind its own chain.
        return chain == Forward
            ? rules
            :
            [
                Rule().IptablesIn(bridge).IptablesOut("docker+").Count().Return(),
                Rule().IptablesIn(bridge).IptablesOut("br-+").Count().Return(),
                .. rules,
            ];
    }

    private NftRule Rule() => new NftRule().Comment(_comment);
}
