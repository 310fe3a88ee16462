using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>What a program that creates containers over the API finds of them in inspect and in lists.</summary>
public sealed class CreateTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private EngineApi Api => new(Daemon.Http);

    [Fact]
    public async Task A_created_container_shows_its_network_before_its_start()
    {
        var name = await CreateAsync(new JsonObject());
        var network = Assert.Single((await InspectApiAsync(name))["NetworkSettings"]!["Networks"]!.AsObject());
        Assert.Equal("bridge", network.Key);
        foreach (var member in (string[])["Aliases", "DriverOpts", "IPAMConfig", "Links"])
        {
            Assert.True(network.Value!.AsObject().TryGetPropertyValue(member, out var value), member);
            Assert.Null(value);
        }

        if (!Daemon.IsDockerd)
        {
            // 20.10 leaves it out before the start. docker compose compares it also of containers that do not run.
            Assert.Equal((string?)(await Api.GetAsync("networks/bridge")).Json["Id"], (string?)network.Value!["NetworkID"]);
        }

        Assert.Equal(("", "", ""), ((string?)network.Value!["MacAddress"], (string?)network.Value["IPAddress"], (string?)network.Value["EndpointID"]));

        var asked = await CreateAsync(new JsonObject
        {
            ["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject
                {
                    ["bridge"] = new JsonObject { ["IPAMConfig"] = new JsonObject(), ["DriverOpts"] = new JsonObject { ["a"] = "b" } },
                },
            },
        });
        var settings = (await InspectApiAsync(asked))["NetworkSettings"]!["Networks"]!["bridge"]!;
        Assert.Equal("{}", settings["IPAMConfig"]!.ToJsonString());
        Assert.Equal("""{"a":"b"}""", settings["DriverOpts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_network_lists_a_container_while_it_runs()
    {
        var name = await CreateAsync(new JsonObject { ["Cmd"] = new JsonArray("sleep", "1000") });
        Assert.False(await IsListedAsync());
        (await Api.PostAsync($"containers/{name}/start")).Expect(204);
        Assert.True(await IsListedAsync());
        (await Api.PostAsync($"containers/{name}/kill")).Expect(204);
        Assert.False(await IsListedAsync());

        async Task<bool> IsListedAsync() =>
            (await Api.GetAsync("networks/bridge")).Expect(200).Json["Containers"]!.AsObject().Any(c => (string?)c.Value!["Name"] == name);
    }

    [Fact]
    public async Task What_was_asked_for_is_echoed_as_it_was_written()
    {
        var id = (string)(await Api.GetAsync("images/busybox/json")).Json["Id"]!;
        foreach (var image in (string[])["busybox", "busybox:latest", "docker.io/library/busybox", id, id[7..19]])
        {
            var inspect = await InspectApiAsync(await CreateAsync(new JsonObject { ["Image"] = image }));
            Assert.Equal((image, id), ((string?)inspect["Config"]!["Image"], (string?)inspect["Image"]));
        }

        var named = NewName();
        (await Docker.RunAsync("import", "-c", "ENV FROM=image OTHER=1", await Busybox.TarAsync(), $"{named}:v1")).Expect(0);
        var name = await CreateAsync(new JsonObject
        {
            ["Image"] = $"{named}:v1",
            ["Env"] = new JsonArray("FROM", "EMPTY=", "A=b=c"),
            ["Cmd"] = new JsonArray("env"),
            ["Labels"] = new JsonObject { ["com.docker.compose.project"] = "p", ["empty"] = "" },
        });
        var config = (await InspectApiAsync(name))["Config"]!;
        Assert.Equal(["FROM", "EMPTY=", "A=b=c"], config["Env"]!.AsArray().Select(e => (string)e!).Take(3));
        Assert.DoesNotContain("FROM=image", config["Env"]!.AsArray().Select(e => (string)e!));
        Assert.Equal("""{"com.docker.compose.project":"p","empty":""}""", config["Labels"]!.ToJsonString());
        var environment = (await Docker.RunAsync($"start -a {name}")).Expect(0).Lines;
        Assert.Superset(new HashSet<string> { "EMPTY=", "A=b=c", "OTHER=1" }, environment.ToHashSet());
        Assert.DoesNotContain(environment, line => line.StartsWith("FROM", StringComparison.Ordinal));
        (await Docker.RunAsync($"rm {name}")).Expect(0);
        (await Docker.RunAsync($"rmi {named}:v1")).Expect(0);
    }

    [Fact]
    public async Task An_empty_log_driver_is_the_daemons_default_with_the_options_that_were_given()
    {
        Assert.Equal("json-file", (string?)(await LogConfigAsync("""{"Type":"","Config":{}}"""))["Type"]);
        Assert.Equal("json-file", (string?)(await LogConfigAsync("{}"))["Type"]);
        var kept = await LogConfigAsync("""{"Type":"","Config":{"max-size":"5m","max-file":"3"}}""");
        Assert.Equal(("json-file", "5m", "3"), ((string?)kept["Type"], (string?)kept["Config"]!["max-size"], (string?)kept["Config"]!["max-file"]));
        Assert.Equal("""{"Type":"none","Config":{}}""", (await LogConfigAsync("""{"Type":"none","Config":null}""")).ToJsonString());
        var refused = (await Api.PostAsync("containers/create", JsonNode.Parse("""{"Image":"busybox","Cmd":["true"],"HostConfig":{"LogConfig":{"Type":"nosuch"}}}"""))).Expect(400, 500);
        Assert.Contains("nosuch", (string)refused.Json["message"]!, StringComparison.Ordinal);
        Assert.True(Daemon.IsDockerd || refused.Status == 400);
    }

    [Fact]
    public async Task Old_lists_have_the_stopped_ones_where_a_limit_or_a_status_asks_for_them()
    {
        var label = NewName();
        var created = await CreateAsync(new JsonObject { ["Labels"] = new JsonObject { [label] = "" } });
        var ended = NewName();
        (await Docker.RunAsync($"run --name {ended} --label {label} busybox true")).Expect(0);
        var running = await RunSleeperAsync($"--label {label}");
        Assert.Equal([running], await ListAsync(""));
        Assert.Equal([running, ended, created], await ListAsync("all=1"));
        Assert.Equal([running, ended], await ListAsync("limit=2"));
        Assert.Equal([ended], await ListAsync("", ",\"status\":[\"exited\"]"));
        Assert.Equal([ended, created], await ListAsync("", ",\"status\":[\"exited\",\"created\"]"));
        Assert.Equal([running], await ListAsync("limit=-1"));

        async Task<IEnumerable<string>> ListAsync(string query, string filters = "")
        {
            var text = Uri.EscapeDataString($$"""{"label":["{{label}}"]{{filters}}}""");
            return [.. (await Api.GetAsync($"v1.35/containers/json?{query}&filters={text}")).Expect(200).Json.AsArray().Select(c => ((string)c!["Names"]![0]!)[1..])];
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_container_is_not_made_of_an_image_for_another_platform_than_asked_for(string client)
    {
        var cli = Client(client);
        var refused = (await cli.RunAsync("create --pull never --platform linux/arm64 busybox true")).Expect(1);
        Assert.Contains("image with reference busybox was found but ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("match the specified platform", refused.Error, StringComparison.Ordinal);
        (await cli.RunAsync($"run --name {NewName()} --platform linux/amd64 busybox true")).Expect(0);
        Assert.Contains("linux/a/b/c", (await cli.RunAsync("create --pull never --platform linux/a/b/c busybox true")).Expect(1).Error, StringComparison.Ordinal);
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 imports for another platform only as an experiment");
        var other = NewName();
        (await cli.RunAsync("import", "--platform", "linux/arm64", await Busybox.TarAsync(), other)).Expect(0);
        var made = (await cli.RunAsync($"create --name {NewName()} {other} true")).Expect(0);
        Assert.Contains("WARNING: The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64", made.Error, StringComparison.Ordinal);
        Assert.Empty((await cli.RunAsync($"create --name {NewName()} --platform linux/arm64 {other} true")).Expect(0).Error);
        (await Docker.RunAsync($"rmi -f {other}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Ports_that_the_hosts_network_makes_needless_are_warned_of(string client) => Assert.Contains(
        "WARNING: Published ports are discarded when using host network mode",
        (await Client(client).RunAsync($"create --name {NewName()} --network host -p 80:80 busybox true")).Expect(0).Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_resize_of_what_has_no_terminal_changes_nothing()
    {
        var name = await RunSleeperAsync();
        (await Api.PostAsync($"containers/{name}/resize?h=10&w=20")).Expect(200);
        var exec = (string)(await Api.PostAsync($"containers/{name}/exec", new JsonObject { ["Cmd"] = new JsonArray("sleep", "1000") })).Expect(201).Json["Id"]!;
        (await Api.PostAsync($"exec/{exec}/start", new JsonObject { ["Detach"] = true })).Expect(200);
        (await Api.PostAsync($"exec/{exec}/resize?h=10&w=20")).Expect(200);
        (await Api.PostAsync($"containers/{name}/kill")).Expect(204);
        (await Api.PostAsync($"containers/{name}/resize?h=10&w=20")).Expect(409);
    }

    [Theory]
    [InlineData("busybox:ü")]
    [InlineData("Busybox")]
    [InlineData("busybox@sha256:12")]
    [InlineData("http://busybox")]
    [InlineData("")]
    public async Task A_bad_reference_is_the_clients_error(string image)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 answers some of these with 404 or 500");
        foreach (var answer in (ApiAnswer[])[
            await Api.PostAsync("containers/create", new JsonObject { ["Image"] = image, ["Cmd"] = new JsonArray("true") }),
            await Api.PostAsync($"images/create?fromImage={Uri.EscapeDataString(image)}"),
            await Api.PostAsync($"images/busybox/tag?repo={Uri.EscapeDataString(image)}")])
        {
            answer.Expect(400);
            Assert.NotEqual("", (string?)answer.Json["message"]);
        }
    }

    /// <summary>The name of a new container of busybox, which ends at once unless <paramref name="request"/> says otherwise.</summary>
    private async Task<string> CreateAsync(JsonObject request)
    {
        var name = NewName();
        request.TryAdd("Image", "busybox");
        request.TryAdd("Cmd", new JsonArray("true"));
        (await Api.PostAsync($"containers/create?name={name}", request)).Expect(201);
        return name;
    }

    private async Task<JsonNode> LogConfigAsync(string given) =>
        (await InspectApiAsync(await CreateAsync(new JsonObject { ["HostConfig"] = new JsonObject { ["LogConfig"] = JsonNode.Parse(given) } })))["HostConfig"]!["LogConfig"]!;

    /// <summary>As the API gives it: the command line would show its own idea of what is not there.</summary>
    private async Task<JsonNode> InspectApiAsync(string name) => (await Api.GetAsync($"containers/{name}/json")).Expect(200).Json;
}
