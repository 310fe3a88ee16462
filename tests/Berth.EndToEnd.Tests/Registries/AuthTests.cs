using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>A registry with a password, a certificate of an authority that only this test knows, and an address that is not insecure by itself.</summary>
public sealed class AuthTests(SharedDaemon shared) : EndToEndTest(shared), IAsyncLifetime
{
    private readonly string _config = Directory.CreateTempSubdirectory("berth-config-").FullName;
    private TestAuthority? _authority;
    private Registry? _registry;

    private Registry Registry => _registry!;

    public async ValueTask InitializeAsync()
    {
        _authority = new TestAuthority(Daemon.Address);
        _registry = await Registry.StartAsync(Daemon.Address, _authority, Registry.PasswordAccess);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        _authority?.Dispose();
        Directory.Delete(_config, recursive: true);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_login_opens_the_registry_and_a_logout_closes_it(string name)
    {
        using var trust = _authority!.TrustFor(Registry.Host);
        var client = Client(name).With("DOCKER_CONFIG", _config);
        var image = $"{Registry.Host}/{name}/app:v1";
        (await client.RunAsync($"tag busybox {image}")).Expect(0);
        Assert.Contains("no basic auth credentials", (await client.RunAsync($"push {image}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("no basic auth credentials", (await client.RunAsync($"pull {image}")).Expect(1).Error, StringComparison.Ordinal);

        var wrong = (await client.InputAsync($"login -u {Registry.User} --password-stdin {Registry.Host}", "wrong\n"u8.ToArray())).Expect(1);
        Assert.Contains($"login attempt to https://{Registry.Host}/v2/ failed with status: 401 Unauthorized", wrong.Error, StringComparison.Ordinal);
        var login = (await client.InputAsync($"login -u {Registry.User} --password-stdin {Registry.Host}", "secret\n"u8.ToArray())).Expect(0);
        Assert.Equal("Login Succeeded", login.Lines[^1]);
        var file = Path.Combine(_config, "config.json");
        Assert.Equal(
            Convert.ToBase64String("harbour:secret"u8),
            (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["auths"]![Registry.Host]!["auth"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        (await client.RunAsync($"push {image}")).Expect(0);
        (await client.RunAsync($"rmi {image}")).Expect(0);
        Assert.Equal("hello", (await client.RunAsync($"run --rm {image} echo hello")).Expect(0).Line);
        (await client.RunAsync($"rmi {image}")).Expect(0);
        Assert.Contains("Login Succeeded", (await client.RunAsync($"login {Registry.Host}")).Expect(0).Output, StringComparison.Ordinal);

        Assert.Equal($"Removing login credentials for {Registry.Host}", (await client.RunAsync($"logout {Registry.Host}")).Expect(0).Line);
        (await client.RunAsync($"pull {image}")).Expect(1);
    }

    [Fact]
    public async Task An_unknown_certificate_is_refused()
    {
        var pull = (await Docker.RunAsync($"pull {Registry.Host}/app")).Expect(1);
        Assert.Contains("x509: certificate signed by unknown authority", pull.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_credential_helper_keeps_the_secret(string name)
    {
        using var trust = _authority!.TrustFor(Registry.Host);
        var helper = Path.Combine(_config, "docker-credential-test");
        await File.WriteAllTextAsync(
            helper,
            $$"""
            #!/bin/sh
            case $1 in
              store) cat > {{_config}}/kept ;;
              get) read server; [ -e {{_config}}/kept ] && cat {{_config}}/kept || { echo "credentials not found in native keychain"; exit 1; } ;;
              erase) rm -f {{_config}}/kept ;;
              list) echo "{}" ;;
            esac
            """);
        File.SetUnixFileMode(helper, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(_config, "config.json"), $$$"""{"credHelpers":{"{{{Registry.Host}}}":"test"},"psFormat":"json"}""");
        var client = Client(name).With("DOCKER_CONFIG", _config).With("PATH", $"{_config}:{Environment.GetEnvironmentVariable("PATH")}");
        (await client.InputAsync($"login -u {Registry.User} --password-stdin {Registry.Host}", "secret\n"u8.ToArray())).Expect(0);
        var config = await File.ReadAllTextAsync(Path.Combine(_config, "config.json"));
        Assert.DoesNotContain(Convert.ToBase64String("harbour:secret"u8), config, StringComparison.Ordinal);
        Assert.Contains("psFormat", config, StringComparison.Ordinal);
        Assert.Equal("secret", (string?)JsonNode.Parse(await File.ReadAllTextAsync($"{_config}/kept"))!["Secret"]);

        (await client.RunAsync($"tag busybox {Registry.Host}/{name}/helped")).Expect(0);
        (await client.RunAsync($"push {Registry.Host}/{name}/helped")).Expect(0);
        (await client.RunAsync($"logout {Registry.Host}")).Expect(0);
        Assert.False(File.Exists($"{_config}/kept"));
        (await client.RunAsync($"push {Registry.Host}/{name}/helped")).Expect(1);
        (await client.RunAsync($"rmi {Registry.Host}/{name}/helped")).Expect(0);
    }
}
