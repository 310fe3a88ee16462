using System.Security.Cryptography;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>What the client is told by config.json, by contexts and by its environment.</summary>
public sealed class ClientConfigurationTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-config-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_context_that_is_not_there_is_refused(string client)
    {
        var meta = Path.Combine(_folder.FullName, "contexts", "meta", Convert.ToHexStringLower(SHA256.HashData("nowhere"u8)), "meta.json");
        var expected = $"Failed to initialize: unable to resolve docker endpoint: context \"nowhere\": context not found: open {meta}: no such file or directory\n";
        Assert.Equal(expected, (await Client(client).RunAsync("--config", _folder.FullName, "--context", "nowhere", "ps")).Expect(1).Error);
        Assert.Equal(expected, (await WithoutHost(client).With("DOCKER_CONTEXT", "nowhere").RunAsync("--config", _folder.FullName, "ps")).Expect(1).Error);
        Write("""{"currentContext":"nowhere"}""");
        Assert.Equal(expected, (await WithoutHost(client).RunAsync("--config", _folder.FullName, "ps")).Expect(1).Error);
        Assert.Equal(
            "conflicting options: cannot specify both --host and --context\n",
            (await Client(client).RunAsync("--context", "nowhere", "-H", $"unix://{Daemon.Socket}", "ps")).Expect(1).Error);

        // A host in the environment beats the context there, and "default" stands for it.
        (await Client(client).With("DOCKER_CONTEXT", "nowhere").RunAsync("ps")).Expect(0);
        (await Client(client).RunAsync("--context", "default", "ps")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_context_leads_to_its_daemon(string client)
    {
        var name = await RunSleeperAsync();
        var meta = Directory.CreateDirectory(Path.Combine(_folder.FullName, "contexts", "meta", Convert.ToHexStringLower(SHA256.HashData("here"u8))));
        await File.WriteAllTextAsync(
            Path.Combine(meta.FullName, "meta.json"),
            $$$$"""{"Name":"here","Metadata":{},"Endpoints":{"docker":{"Host":"unix://{{{{Daemon.Socket}}}}","SkipTLSVerify":false}}}""",
            TestContext.Current.CancellationToken);
        Assert.Contains(name, (await WithoutHost(client).RunAsync("--config", _folder.FullName, "--context", "here", "ps")).Expect(0).Output);
        Assert.Contains(name, (await WithoutHost(client).With("DOCKER_CONTEXT", "here").RunAsync("--config", _folder.FullName, "ps")).Expect(0).Output);
        Write("""{"currentContext":"here"}""");
        Assert.Contains(name, (await WithoutHost(client).RunAsync("--config", _folder.FullName, "ps")).Expect(0).Output);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Formats_and_proxies_of_the_configuration_count(string client)
    {
        var name = await RunSleeperAsync();
        Write("""
            {"psFormat":"ps {{.Names}}","imagesFormat":"image {{.Repository}}","statsFormat":"stats {{.Name}}",
             "proxies":{"default":{"httpProxy":"http://proxy:3128","noProxy":"localhost"}}}
            """);
        Assert.Contains($"ps {name}", (await ConfiguredAsync(client, "ps")).Lines);
        Assert.Contains("image busybox", (await ConfiguredAsync(client, "images")).Lines);
        Assert.Equal($"stats {name}", (await ConfiguredAsync(client, "stats", "--no-stream", name)).Line);

        // What the command line says counts more.
        Assert.Equal(name, (await ConfiguredAsync(client, "ps", "--filter", $"name={name}", "--format", "{{.Names}}")).Line);
        var variables = (await ConfiguredAsync(client, "run", "--rm", "-e", "HTTP_PROXY=own", "busybox", "env")).Lines;
        Assert.Superset(
            new HashSet<string> { "HTTP_PROXY=own", "http_proxy=http://proxy:3128", "NO_PROXY=localhost", "no_proxy=localhost" },
            variables.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Filters_of_the_configuration_keep_what_a_prune_would_remove(string client)
    {
        var (kept, pruned) = (NewName(), NewName());
        var label = $"test.prune.{kept}";
        (await Docker.RunAsync($"run --name {kept} --label {label} --label {label}.keep busybox true")).Expect(0);
        (await Docker.RunAsync($"run --name {pruned} --label {label} busybox true")).Expect(0);
        Write($$"""{"pruneFilters":["label!={{label}}.keep"]}""");
        await ConfiguredAsync(client, "container", "prune", "-f", "--filter", $"label={label}");
        Assert.Equal(kept, (await Docker.RunAsync("ps", "-a", "--filter", $"label={label}", "--format", "{{.Names}}")).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task What_cannot_be_followed_is_refused(string client)
    {
        Assert.Equal("Unable to parse logging level: foo\n", (await Client(client).RunAsync("-l", "foo", "ps")).Expect(1).Error);
        (await Client(client).RunAsync("-l", "DEBUG", "ps")).Expect(0);
        Assert.Equal(
            "Failed to initialize: failed to set custom headers from DOCKER_CUSTOM_HEADERS environment variable: missing \"=\" in key=value pair: 'c'\n",
            (await Client(client).With("DOCKER_CUSTOM_HEADERS", "a=b,c").RunAsync("ps")).Expect(1).Error);
        (await Client(client).With("DOCKER_CUSTOM_HEADERS", "a=b").RunAsync("ps")).Expect(0);
        Assert.Equal(
            $"Failed to initialize: unable to resolve docker endpoint: open {_folder.FullName}/ca.pem: no such file or directory\n",
            (await Client(client).RunAsync("--tlscacert", $"{_folder.FullName}/ca.pem", "-H", "tcp://127.0.0.1:1", "--tlsverify", "ps")).Expect(1).Error);
        if (client == "berth")
        {
            // Docker would ask a server of its own.
            Assert.StartsWith("content trust is not supported", (await Client(client).With("DOCKER_CONTENT_TRUST", "1").RunAsync("pull", "busybox")).Expect(1).Error, StringComparison.Ordinal);
            Assert.Contains("content trust is not supported", (await Client(client).RunAsync("run", "--disable-content-trust=false", "busybox")).Expect(125).Error, StringComparison.Ordinal);
        }

        Assert.NotEqual(0, (await Client(client).With("DOCKER_DEFAULT_PLATFORM", "nowhere/none").RunAsync("run", "--rm", "--pull", "never", "busybox", "true")).ExitCode);
        Write("{");
        var torn = await Client(client).RunAsync("--config", _folder.FullName, "ps");
        Assert.StartsWith($"WARNING: Error parsing config file ({_folder.FullName}/config.json): ", torn.Expect(0).Error, StringComparison.Ordinal);
    }

    private async Task<ShellResult> ConfiguredAsync(string client, params string[] words) =>
        (await Client(client).RunAsync(["--config", _folder.FullName, .. words])).Expect(0);

    private Client WithoutHost(string client) => Client(client).With("DOCKER_HOST", "").With("BERTH_HOST", "");

    private void Write(string configuration) => File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), configuration);
}
