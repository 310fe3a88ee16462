using Berth.Daemon.Options;

namespace Berth.Daemon.Tests.Options;

public sealed class ValueCheckTests
{
    [Theory]
    [InlineData("https://mirror.test")]
    [InlineData("https://mirror.test/")]
    [InlineData("HTTPS://mirror.test:5000")]
    [InlineData("http://[::1]:5000/")]
    [InlineData("http://10.0.0.1")]
    public void A_mirror_is_a_scheme_and_a_host(string value) => Assert.Null(ValueChecks.Mirror(value));

    // What dockerd 20.10 says, word for word.
    [Theory]
    [InlineData("", "unsupported scheme \"\" in \"\"")]
    [InlineData("mirror.test", "unsupported scheme \"\" in \"mirror.test\"")]
    [InlineData("mirror.test:5000", "unsupported scheme \"mirror.test\" in \"mirror.test:5000\"")]
    [InlineData("ftp://mirror.test", "unsupported scheme \"ftp\" in \"ftp://mirror.test\"")]
    [InlineData("https://mirror.test/path", "path, query, or fragment at end of the URI \"https://mirror.test/path\"")]
    [InlineData("https://mirror.test//", "path, query, or fragment at end of the URI \"https://mirror.test//\"")]
    [InlineData("https://mirror.test/?q=1", "path, query, or fragment at end of the URI \"https://mirror.test/?q=1\"")]
    [InlineData("https://mirror.test/#frag", "path, query, or fragment at end of the URI \"https://mirror.test/#frag\"")]
    [InlineData("https://user@mirror.test/x", "path, query, or fragment at end of the URI \"https://user@mirror.test/x\"")]
    [InlineData("https://user:pw@mirror.test", "username/password not allowed in URI \"https://user:xxxxx@mirror.test\"")]
    [InlineData("://x", "\"://x\" is not a valid URI")]
    [InlineData("https://mirror.test:abc", "\"https://mirror.test:abc\" is not a valid URI")]
    [InlineData("https://%zz", "\"https://%zz\" is not a valid URI")]
    [InlineData("https://a b", "\"https://a b\" is not a valid URI")]
    [InlineData("https://us er@x", "\"https://us er@x\" is not a valid URI")]
    [InlineData("https://[::1", "\"https://[::1\" is not a valid URI")]
    public void Anything_else_is_refused_in_dockerds_words(string value, string reason) =>
        Assert.Equal($"invalid mirror: {reason}", ValueChecks.Mirror(value));

    // dockerd takes these and can ask nobody.
    [Theory]
    [InlineData("http://")]
    [InlineData("https:mirror.test")]
    public void A_mirror_without_a_host_is_none(string value) => Assert.Equal($"invalid mirror: \"{value}\" is not a valid URI", ValueChecks.Mirror(value));
}
