using Berth.Oci.Images;

namespace Berth.Oci.Tests.Images;

public sealed class ChainIdTests
{
    [Fact]
    public void A_stack_is_the_digest_of_the_one_below_and_the_next_layer()
    {
        var a = Digest.OfContent("a"u8);
        var b = Digest.OfContent("b"u8);
        var c = Digest.OfContent("c"u8);
        var chain = ChainId.OfLayers([a, b, c]);
        Assert.Equal(a, chain[0]);
        Assert.Equal(Digest.OfContent(System.Text.Encoding.ASCII.GetBytes($"{a} {b}")), chain[1]);
        Assert.Equal(Digest.OfContent(System.Text.Encoding.ASCII.GetBytes($"{chain[1]} {c}")), chain[2]);
        Assert.Empty(ChainId.OfLayers([]));
    }
}
