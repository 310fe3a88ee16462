using Berth.Daemon.Options;
using Berth.Engine;

namespace Berth.Daemon.Tests.Options;

public sealed class RegistryRuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_says_what_is_done_with_registries()
    {
        var file = _folder.Write(
            "daemon.json",
            """
            {
              "registries": {
                "docker.io": {"mirrors": ["https://m/hub", "cache:5000"]},
                "ghcr.io/team/": {"rewrite": "copies.example/team/"},
                "quay.io/bad": {"blocked": true}
              },
              "registry-timeout": 7, "max-concurrent-downloads": 2, "max-concurrent-uploads": 9, "max-download-attempts": 1
            }
            """);
        var settings = DaemonOptions.Resolve(FlagParser.Parse(["--config-file", file])).Engine.Registries;
        Assert.Equal(["docker.io", "ghcr.io/team", "quay.io/bad"], settings.Rules.Select(r => r.Prefix));
        Assert.Equal(["https://m/hub", "cache:5000"], settings.Rules[0].Mirrors);
        Assert.Equal("copies.example/team", settings.Rules[1].Rewrite);
        Assert.True(settings.Rules[2].Blocked);
        Assert.Equal((7.0, 2, 9, 1), (settings.SilenceMax.TotalSeconds, settings.ParallelDownloads, settings.ParallelUploads, settings.Attempts));
    }

    [Theory]
    [InlineData("""quay.io""")]
    [InlineData("""quay.io=""")]
    [InlineData("""={"blocked":true}""")]
    [InlineData("""quay.io={"block":true}""")]
    [InlineData("""quay.io={"mirrors":[""]}""")]
    [InlineData("""quay.io={"mirrors":"m"}""")]
    [InlineData("""quay.io=null""")]
    public void What_is_no_rule_is_refused(string text) =>
        Assert.Throws<OptionException>(() => FlagParser.Parse(["--registry", text]));

    [Fact]
    public void Nothing_said_is_Dockers_defaults()
    {
        var settings = new EngineOptions { RuntimePath = "/r" }.Registries;
        Assert.Equal((3, 5, 5), (settings.ParallelDownloads, settings.ParallelUploads, settings.Attempts));
        Assert.Equal(["/etc/berth/certs.d", "/etc/docker/certs.d"], settings.CertificateDirectories);
    }
}
