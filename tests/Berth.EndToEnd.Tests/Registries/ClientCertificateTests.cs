using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>A registry that knows its clients by their certificates.</summary>
public sealed class ClientCertificateTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [InlineData("docker")]
    [InlineData("berth")]
    public async Task A_certificate_beside_the_hosts_authority_opens_the_registry(string engine)
    {
        Assert.SkipWhen(Daemon.IsDockerd && engine != "docker", "dockerd looks in its own directory only");
        using var authority = new TestAuthority(Daemon.Address);
        await using var registry = await Registry.StartAsync(Daemon.Address, authority, clients: true);
        var image = $"{registry.Host}/known/app:v1";
        (await Docker.RunAsync($"tag busybox {image}")).Expect(0);
        using (authority.InstallFor(registry.Host, engine, "ca.crt"))
        {
            Assert.Contains("certificate", (await Docker.RunAsync($"push {image}")).Expect(1).Error, StringComparison.Ordinal);
        }

        using (authority.InstallFor(registry.Host, engine, "ca.crt", "client.cert"))
        {
            Assert.Contains("missing key", (await Docker.RunAsync($"push {image}")).Expect(1).Error, StringComparison.Ordinal);
        }

        using (authority.InstallFor(registry.Host, engine, "ca.crt", "client.cert", "client.key"))
        {
            (await Docker.RunAsync($"push {image}")).Expect(0);
            (await Docker.RunAsync($"rmi {image}")).Expect(0);
            (await Docker.RunAsync($"pull {image}")).Expect(0);
        }

        // What was known while the files were there is forgotten with them.
        (await Docker.RunAsync($"pull {image}")).Expect(1);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }
}
