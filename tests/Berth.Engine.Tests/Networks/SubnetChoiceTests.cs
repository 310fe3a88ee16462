using System.Net;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

public sealed class SubnetChoiceTests
{
    [Theory]
    [InlineData("", "172.30.0.0/16")]
    [InlineData("172.30.0.0/16", "172.31.0.0/16")]
    [InlineData("172.30.5.0/24 172.31.0.0/16", "172.17.0.0/16")]
    [InlineData("172.30.5.0/24 172.31.0.0/16 172.17.0.0/16", "172.18.0.0/16")]
    [InlineData("172.16.0.0/12", "192.168.0.0/20")]
    [InlineData("0.0.0.0/0 ::/0 fd00::/8", "172.30.0.0/16")]
    public void The_first_subnet_that_overlaps_nothing_is_chosen(string used, string chosen) =>
        Assert.Equal(IPNetwork.Parse(chosen), SubnetChoice.FirstFree(used.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => IPNetwork.Parse(n)), []));

    [Fact]
    public void Where_all_is_used_there_is_none() =>
        Assert.Null(SubnetChoice.FirstFree([IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16")], []));

    [Fact]
    public void The_subnet_around_an_address_has_no_bits_of_the_host() =>
        Assert.Equal(IPNetwork.Parse("10.85.16.0/20"), SubnetChoice.Around(IPAddress.Parse("10.85.17.3"), 20));

    [Fact]
    public void Pools_that_a_user_names_are_cut_into_subnets()
    {
        SubnetPool[] pools = [new(IPNetwork.Parse("10.10.0.0/23"), 24), new(IPNetwork.Parse("10.20.0.0/24"), 24)];
        Assert.Equal(IPNetwork.Parse("10.10.0.0/24"), SubnetChoice.FirstFree([], pools));
        Assert.Equal(IPNetwork.Parse("10.10.1.0/24"), SubnetChoice.FirstFree([IPNetwork.Parse("10.10.0.0/25")], pools));
        Assert.Equal(IPNetwork.Parse("10.20.0.0/24"), SubnetChoice.FirstFree([IPNetwork.Parse("10.10.0.0/23")], pools));
        Assert.Null(SubnetChoice.FirstFree([IPNetwork.Parse("10.0.0.0/8")], pools));
    }

    [Fact]
    public void Containers_get_addresses_of_the_part_that_is_theirs()
    {
        var pool = new AddressPool(IPNetwork.Parse("10.9.0.0/24"), IPAddress.Parse("10.9.0.1"), IPNetwork.Parse("10.9.0.128/30"));
        var given = Enumerable.Range(0, 4).Select(_ => pool.Take().ToString()).ToList();
        Assert.Equal(["10.9.0.128", "10.9.0.129", "10.9.0.130", "10.9.0.131"], given);
        Assert.Throws<EngineException>(() => pool.Take());
        pool.Take(IPAddress.Parse("10.9.0.7"));
    }
}
