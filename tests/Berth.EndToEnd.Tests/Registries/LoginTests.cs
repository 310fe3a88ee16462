using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>What the command lines do with credentials: ask, keep, let others keep, forget.</summary>
public sealed class LoginTests(SharedDaemon shared) : EndToEndTest(shared), IAsyncLifetime
{
    private readonly string _config = Directory.CreateTempSubdirectory("berth-config-").FullName;
    private Registry? _registry;

    private Registry Registry => _registry!;

    private string File => Path.Combine(_config, "config.json");

    public async ValueTask InitializeAsync()
    {
        _ = Daemon; // Skips without root.
        _registry = await Registry.StartAsync(auth: Registry.PasswordAccess);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        Directory.Delete(_config, recursive: true);
    }

    [Theory]
    [InlineData("login HOST", "")]
    [InlineData("login -u harbour HOST", "")]
    [InlineData("login --password-stdin HOST", "secret")]
    [InlineData("login -u harbour -p secret --password-stdin HOST", "secret")]
    [InlineData("login -u harbour --password-stdin HOST", "")]
    [InlineData("login -u harbour --password-stdin HOST", "wrong\n")]
    [InlineData("login -u harbour -p secret HOST", "")]
    [InlineData("login -u harbour --password-stdin http://HOST/", "secret\r\n")]
    [InlineData("login -u harbour -p wrong HOST", "")]
    [InlineData("login -p secret HOST", "")]
    [InlineData("login -u= HOST", "")]
    [InlineData("login -u harbour -p= HOST", "")]
    [InlineData("logout HOST", "")]
    public async Task Both_command_lines_say_the_same(string words, string input)
    {
        var seen = new List<(int Code, string Output, string Error)>();
        foreach (var client in new[] { Daemon.Docker, Daemon.Berth })
        {
            System.IO.File.Delete(File);
            var result = await Known(client).InputAsync(words.Replace("HOST", Registry.Host, StringComparison.Ordinal), System.Text.Encoding.UTF8.GetBytes(input));
            seen.Add((result.ExitCode, result.Output, result.Error.Replace("berth", "docker", StringComparison.Ordinal)));
        }

        Assert.Equal(seen[0], seen[1]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_store_keeps_all_secrets_and_a_helper_those_of_its_registry(string name)
    {
        await WriteHelperAsync("all");
        await WriteHelperAsync("one");
        await System.IO.File.WriteAllTextAsync(File, """{"credsStore":"all","credHelpers":{"other.test":"one"}}""");
        var client = Known(Client(name));
        (await client.InputAsync($"login -u {Registry.User} --password-stdin {Registry.Host}", "secret\n"u8.ToArray())).Expect(0);
        var kept = JsonNode.Parse(await System.IO.File.ReadAllTextAsync($"{_config}/all-{Registry.Host}"))!;
        Assert.Equal((Registry.User, "secret"), ((string?)kept["Username"], (string?)kept["Secret"]));
        Assert.DoesNotContain("c2VjcmV0", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
        Assert.Contains("Login Succeeded", (await client.RunAsync($"login {Registry.Host}")).Expect(0).Output, StringComparison.Ordinal);

        var image = $"{Registry.Host}/{name}/stored:v1";
        (await Docker.RunAsync($"tag busybox {image}")).Expect(0);
        (await client.RunAsync($"push {image}")).Expect(0);

        // The helper of another registry is asked for that one only.
        await System.IO.File.WriteAllTextAsync(File, $$"""{"credsStore":"all","credHelpers":{"{{Registry.Host}}":"one"} }""");
        (await client.RunAsync($"push {image}")).Expect(1);
        await System.IO.File.WriteAllTextAsync(File, """{"credsStore":"all","credHelpers":{"other.test":"one"}}""");
        (await client.RunAsync($"logout {Registry.Host}")).Expect(0);
        Assert.False(System.IO.File.Exists($"{_config}/all-{Registry.Host}"));
        (await client.RunAsync($"push {image}")).Expect(1);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_identity_token_is_kept_as_one(string name)
    {
        using var authority = new TestAuthority(Daemon.Address);
        await using var tokens = new TokenServer(authority);
        await using var registry = await Registry.StartAsync(auth: tokens.Access);
        await WriteHelperAsync("all");
        await System.IO.File.WriteAllTextAsync(File, """{"credsStore":"all"}""");
        var client = Known(Client(name));
        (await client.InputAsync($"login -u {Registry.User} --password-stdin {registry.Host}", "secret"u8.ToArray())).Expect(0);
        var kept = JsonNode.Parse(await System.IO.File.ReadAllTextAsync($"{_config}/all-{registry.Host}"))!;
        Assert.Equal(("<token>", "refresh-7"), ((string?)kept["Username"], (string?)kept["Secret"]));
        var image = $"{registry.Host}/{name}/token:v1";
        (await Docker.RunAsync($"tag busybox {image}")).Expect(0);
        (await client.RunAsync($"push {image}")).Expect(0);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    private Client Known(Client client) => client.With("DOCKER_CONFIG", _config).With("PATH", $"{_config}:{Environment.GetEnvironmentVariable("PATH")}");

    // Keeps each server's credentials in a file of its own.
    private async Task WriteHelperAsync(string name)
    {
        var helper = Path.Combine(_config, $"docker-credential-{name}");
        await System.IO.File.WriteAllTextAsync(
            helper,
            $$"""
            #!/bin/sh
            input=$(cat)
            case $1 in
              store) server=$(echo "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/'); echo "$input" > "{{_config}}/{{name}}-$server" ;;
              get) cat "{{_config}}/{{name}}-$input" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
              erase) rm -f "{{_config}}/{{name}}-$input" ;;
              list) echo "{}" ;;
            esac
            """);
        System.IO.File.SetUnixFileMode(helper, (UnixFileMode)0b111_101_101);
    }
}
