using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>Registries that only a proxy knows the way to.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("variables")]
    [InlineData("flags")]
    [InlineData("file")]
    public async Task Registries_are_reached_through_the_proxy(string way)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd && way != "variables", "dockerd 20.10 knows the variables only");
        using var authority = new TestAuthority("registry.test");
        await using var secure = await Registry.StartAsync(tls: authority);
        await using var plain = await Registry.StartAsync();
        await using var proxy = new ConnectProxy(
            new Dictionary<string, int> { ["registry.test:5443"] = secure.Port, ["plain.test:5000"] = plain.Port }, "user:pass word");
        using var trust = authority.TrustFor("registry.test:5443");
        var address = $"http://user:pass%20word@{proxy.Host}";
        var config = Path.Combine(Path.GetTempPath(), $"berth-proxy-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(config, way != "file" ? "{}" : $$"""{"proxies":{"http-proxy":"{{address}}","https-proxy":"{{address}}","no-proxy":"*.direct.test,10.0.0.0/8"} }""");
        string[] flags = way == "flags" ? ["--http-proxy", address, "--https-proxy", address, "--no-proxy", "*.direct.test,10.0.0.0/8"] : [];
        var variables = way != "variables" ? new Dictionary<string, string>()
            : new() { ["HTTP_PROXY"] = address, ["https_proxy"] = address, ["NO_PROXY"] = "*.direct.test,10.0.0.0/8" };
        try
        {
            await using var daemon = await Daemon.StartAsync(variables, ["--config-file", config, "--insecure-registry", "plain.test:5000", .. flags]);
            foreach (var image in new[] { "registry.test:5443/far/app:v1", "plain.test:5000/far/app:v1" })
            {
                (await daemon.Docker.RunAsync($"tag busybox {image}")).Expect(0);
                (await daemon.Docker.RunAsync($"push {image}")).Expect(0);
                (await daemon.Docker.RunAsync($"rmi {image}")).Expect(0);
                (await daemon.Docker.RunAsync($"pull {image}")).Expect(0);
            }

            Assert.Contains("CONNECT registry.test:5443 HTTP/1.1", proxy.Requests);
            Assert.Contains("GET http://plain.test:5000/v2/ HTTP/1.1", proxy.Requests);

            var asked = proxy.Requests.Count;
            Assert.Contains("no such host", (await daemon.Docker.RunAsync("pull x.direct.test:5443/app")).Expect(1).Error, StringComparison.Ordinal);
            await using var near = await Registry.StartAsync(daemon.Address);
            Assert.Contains("HTTP", (await daemon.Docker.RunAsync($"pull {near.Host}/app")).Expect(1).Error, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(asked, proxy.Requests.Count);

            foreach (var client in new[] { daemon.Docker, daemon.Berth })
            {
                var info = (await client.RunAsync("info")).Expect(0).Output;
                Assert.Contains($"HTTP Proxy: http://xxxxx:xxxxx@{proxy.Host}\n", info, StringComparison.Ordinal);
                Assert.Contains($"HTTPS Proxy: http://xxxxx:xxxxx@{proxy.Host}\n", info, StringComparison.Ordinal);
                Assert.Contains("No Proxy: *.direct.test,10.0.0.0/8\n", info, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("pass", daemon.Log, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
        }
    }
}
