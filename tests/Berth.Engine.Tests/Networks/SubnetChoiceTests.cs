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
        Assert.Equal(IPNetwork.Parse(chosen), SubnetChoice.FirstFree(used.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => IPNetwork.Parse(n))));

    [Fact]
    public void Where_all_is_used_there_is_none() =>
        Assert.Null(SubnetChoice.FirstFree([IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16")]));

    [Fact]
    public void The_subnet_around_an_address_has_no_bits_of_the_host() =>
        Assert.Equal(IPNetwork.Parse("10.85.16.0/20"), SubnetChoice.Around(IPAddress.Parse("10.85.17.3"), 20));
}
