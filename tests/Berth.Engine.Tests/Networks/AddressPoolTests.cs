using System.Net;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

public sealed class AddressPoolTests
{
    private readonly AddressPool _pool = new(IPNetwork.Parse("10.85.0.0/29"), IPAddress.Parse("10.85.0.1"));

    [Fact]
    public void Addresses_go_up_from_the_gateway()
    {
        Assert.Equal("10.85.0.2", _pool.Take().ToString());
        Assert.Equal("10.85.0.3", _pool.Take().ToString());
    }

    [Fact]
    public void An_address_that_was_just_freed_is_not_given_again_at_once()
    {
        var first = _pool.Take();
        _pool.Free(first);
        Assert.NotEqual(first, _pool.Take());
    }

    [Fact]
    public void After_the_last_address_comes_the_lowest_free_one()
    {
        var all = Enumerable.Range(0, 5).Select(_ => _pool.Take().ToString()).ToList();
        Assert.Equal(["10.85.0.2", "10.85.0.3", "10.85.0.4", "10.85.0.5", "10.85.0.6"], all);
        _pool.Free(IPAddress.Parse("10.85.0.4"));
        Assert.Equal("10.85.0.4", _pool.Take().ToString());
        Assert.Throws<EngineException>(() => _pool.Take());
    }

    [Theory]
    [InlineData("10.85.0.1", ErrorKind.Forbidden)]
    [InlineData("10.85.0.0", ErrorKind.InvalidParameter)]
    [InlineData("10.85.0.7", ErrorKind.InvalidParameter)]
    [InlineData("10.86.0.2", ErrorKind.InvalidParameter)]
    [InlineData("fd00::2", ErrorKind.InvalidParameter)]
    public void An_address_that_cannot_be_a_containers_is_refused(string address, ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<EngineException>(() => _pool.Take(IPAddress.Parse(address))).Kind);

    [Fact]
    public void The_gateway_stays_taken()
    {
        _pool.Free(IPAddress.Parse("10.85.0.1"));
        Assert.Throws<EngineException>(() => _pool.Take(IPAddress.Parse("10.85.0.1")));
    }
}
