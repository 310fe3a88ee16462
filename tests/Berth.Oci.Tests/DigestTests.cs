using System.Text;

namespace Berth.Oci.Tests;

public sealed class DigestTests
{
    private const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void The_digest_of_nothing_is_the_well_known_one() => Assert.Equal(Empty, Digest.OfContent([]).ToString());

    [Fact]
    public void A_digest_has_an_algorithm_and_digits()
    {
        var digest = Digest.Parse(Empty);
        Assert.Equal("sha256", digest.Algorithm);
        Assert.Equal(Empty[7..], digest.Hex);
        Assert.Equal(digest, Digest.OfContent(Encoding.ASCII.GetBytes("")));
    }

    [Theory]
    [InlineData(null, "invalid checksum digest format")]
    [InlineData("", "invalid checksum digest format")]
    [InlineData("sha256", "invalid checksum digest format")]
    [InlineData("sha256:", "invalid checksum digest format")]
    [InlineData("sha256:abc", "invalid checksum digest length")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "invalid checksum digest format")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../../../", "invalid checksum digest length")]
    public void What_is_no_digest_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(Digest.TryParse(text, out _, out var problem));
        Assert.Equal(reason, problem);
    }
}
