using Berth.Api.Registry;
using Berth.Daemon.Endpoints.Registry;

namespace Berth.Daemon.Tests.Endpoints;

public sealed class RegistryAuthTests
{
    [Theory]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("", "docker.io")]
    [InlineData("http://localhost:5000", "localhost:5000")]
    [InlineData("quay.io/v2/", "quay.io")]
    public void A_servers_address_means_a_registry(string address, string domain) => Assert.Equal(domain, RegistryAuth.DomainOf(address));

    [Fact]
    public void A_joined_name_and_password_are_taken_apart()
    {
        var credentials = RegistryAuth.Of(new AuthConfig { Auth = Convert.ToBase64String("me:a:b"u8) });
        Assert.Equal(("me", "a:b"), (credentials.Username, credentials.Password));
        Assert.DoesNotContain("a:b", credentials.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_no_credentials()
    {
        Assert.True(RegistryAuth.Of(new AuthConfig()).IsEmpty);
        Assert.False(RegistryAuth.Of(new AuthConfig { IdentityToken = "t" }).IsEmpty);
    }
}
