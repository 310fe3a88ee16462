using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Images.Tests.Registry;

public sealed class RegistryTargetTests
{
    private static readonly RegistrySettings _settings = new()
    {
        HubMirrors = ["HTTPS://mirror.example", "http://cache:5000/hub/"],
        Rules =
        [
            new RegistryRule("quay.io") { Mirrors = ["near:5000"] },
            new RegistryRule("quay.io/secret") { Blocked = true },
            new RegistryRule("ghcr.io/team") { Rewrite = "registry.example:5000/copies/team" },
            new RegistryRule("gone.example") { Rewrite = "docker.io/gone" },
        ],
    };

    [Theory]
    [InlineData("busybox", "https mirror.example library/busybox mirror", "http cache:5000 hub/library/busybox mirror", "registry-1.docker.io library/busybox")]
    [InlineData("quay.io/a/b", "near:5000 a/b mirror", "quay.io a/b")]
    [InlineData("quay.io/secrets/b", "near:5000 secrets/b mirror", "quay.io secrets/b")]
    [InlineData("ghcr.io/team/x", "registry.example:5000 copies/team/x mirror")]
    [InlineData("ghcr.io/teams/x", "ghcr.io teams/x")]
    [InlineData("gone.example/x", "registry-1.docker.io gone/x mirror")]
    [InlineData("localhost:5000/x", "localhost:5000 x")]
    public void A_name_leads_to_addresses(string name, params string[] expected) => Assert.Equal(
        expected,
        RegistryTarget.Of(ImageReference.Parse(name), _settings)
            .Select(t => $"{(t.Scheme is null ? "" : t.Scheme + " ")}{t.Host} {t.Repository}{(t.IsMirror ? " mirror" : "")}"));

    [Fact]
    public void A_blocked_prefix_says_so() => Assert.Contains(
        "blocked", Assert.Throws<RegistryException>(() => RegistryTarget.Of(ImageReference.Parse("quay.io/secret/b"), _settings)).Message);
}
