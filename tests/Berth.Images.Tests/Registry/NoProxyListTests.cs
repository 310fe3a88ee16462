using Berth.Images.Registry;

namespace Berth.Images.Tests.Registry;

public sealed class NoProxyListTests
{
    [Theory]
    [InlineData("", "https://a.b", false)]
    [InlineData("", "https://localhost:5000", true)]
    [InlineData("", "https://127.9.9.9", true)]
    [InlineData("", "https://[::1]:5000", true)]
    [InlineData("*", "https://a.b", true)]
    [InlineData("b.c", "https://b.c", true)]
    [InlineData("B.C", "https://a.b.c:5000", true)]
    [InlineData("b.c", "https://ab.c", false)]
    [InlineData(".b.c", "https://a.b.c", true)]
    [InlineData("*.b.c", "https://a.b.c", true)]
    [InlineData("x, b.c:443", "https://b.c", true)]
    [InlineData("b.c:5000", "https://b.c", false)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3", false)]
    [InlineData("10.1.2.3:80", "http://10.1.2.3", true)]
    [InlineData("10.1.2.3:80", "https://10.1.2.3", false)]
    [InlineData("[fd00::1]:443", "https://[fd00::1]", true)]
    [InlineData("fd00::1", "https://[fd00::1]:5000", true)]
    [InlineData("fd00::/8", "https://[fd12::1]", true)]
    [InlineData(".,:80,/,*.,[]", "https://a.b", false)]
    public void Hosts_are_matched_as_Go_programs_match_them(string list, string address, bool expected) =>
        Assert.Equal(expected, new NoProxyList(list).Contains(new Uri(address)));

    [Theory]
    [InlineData("http://u:p@h:1", "http://xxxxx:xxxxx@h:1")]
    [InlineData("http://u@h:1", "http://xxxxx:xxxxx@h:1")]
    [InlineData("h:1", "h:1")]
    [InlineData("", "")]
    public void Secrets_are_not_shown(string text, string shown) => Assert.Equal(shown, ProxySettings.Masked(text));
}
