using System.Net.Sockets;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>The flags of create, run and exec that describe the container and its process.</summary>
public sealed class CreationFlagTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Files_bring_variables_and_labels(string client)
    {
        var folder = Directory.CreateTempSubdirectory("berth-flags-").FullName;
        try
        {
            var (variables, labels) = (Path.Combine(folder, "env"), Path.Combine(folder, "labels"));
            await File.WriteAllTextAsync(variables, "# a comment\nA=1\nB=two words\n\nHOME\n");
            await File.WriteAllTextAsync(labels, "one=1\ntwo=2 words\n");
            var name = NewName();
            (await Client(client).RunAsync($"run -d --name {name} --env-file {variables} -e A=3 --label-file {labels} --annotation note=seen busybox sleep 1000")).Expect(0);
            var made = await InspectAsync(name);
            Assert.Equal(("1", "2 words"), ((string)made["Config"]!["Labels"]!["one"]!, (string)made["Config"]!["Labels"]!["two"]!));
            Assert.Equal("seen", (string)made["HostConfig"]!["Annotations"]!["note"]!);
            Assert.Equal("3:two words:/nonexistent", (await Docker.ScriptAsync($"exec {name}", "echo $A:$B:$HOME")).Expect(0).Line);
            await File.WriteAllTextAsync(variables, "A=9\n");
            Assert.Equal("9:8", (await Client(client).ScriptAsync($"exec --env-file {variables} -e C=8 {name}", "echo $A:$C")).Expect(0).Line);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_privileged_exec_has_all_capabilities_in_a_container_that_has_not(string client)
    {
        var name = await RunSleeperAsync();
        const string Capabilities = "awk '/CapBnd/ { print $2 }' /proc/self/status";
        Assert.Equal("00000000a80425fb", (await Client(client).ScriptAsync($"exec {name}", Capabilities)).Expect(0).Line);
        Assert.NotEqual("00000000a80425fb", (await Client(client).ScriptAsync($"exec --privileged {name}", Capabilities)).Expect(0).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Pull_says_when_the_registry_is_asked(string client)
    {
        (await Client(client).RunAsync("run --rm --pull never busybox true")).Expect(0);
        (await Client(client).RunAsync("run --rm --pull missing -q busybox true")).Expect(0);
        Assert.Contains("No such image: nosuch:latest", (await Client(client).RunAsync("run --rm --pull never nosuch true")).Expect(125).Error, StringComparison.Ordinal);
        (await Client(client).RunAsync("run --rm --pull always nosuch.invalid/busybox true")).Expect(125);
        Assert.Contains("invalid pull option", (await Client(client).RunAsync("create --pull sometimes busybox true")).Expect(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Flags_that_change_nothing_here_are_accepted(string client) =>
        (await Client(client).RunAsync("run --rm --disable-content-trust --volume-driver local --isolation default --platform linux/amd64 busybox true")).Expect(0);

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_api_socket_and_the_users_logins_come_along(string client)
    {
        var folder = Directory.CreateTempSubdirectory("berth-login-").FullName;
        try
        {
            var cli = Client(client).With("DOCKER_CONFIG", folder);
            Assert.Equal("socket ", (await cli.ScriptAsync("run --rm --use-api-socket busybox", "test -S /var/run/docker.sock && echo socket $DOCKER_CONFIG")).Expect(0).Line + " ");
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), """{"auths":{"registry.example:5000":{"auth":"bWU6c2VjcmV0"}},"detachKeys":"ctrl-x"}""");
            var run = (await cli.ScriptAsync("run --rm --use-api-socket busybox", "cat $DOCKER_CONFIG/config.json; stat -c %a $DOCKER_CONFIG/config.json")).Expect(0);
            var file = JsonNode.Parse(run.Output[..(run.Output.LastIndexOf('}') + 1)])!;
            Assert.Equal("bWU6c2VjcmV0", (string)file["auths"]!["registry.example:5000"]!["auth"]!);
            Assert.Null(file["detachKeys"]);
            Assert.Equal("600", run.Lines[^1][^3..]);
            Assert.Equal("/own", (await cli.ScriptAsync("run --rm --use-api-socket -e DOCKER_CONFIG=/own busybox", "echo $DOCKER_CONFIG; test ! -e /run/secrets/docker")).Expect(0).Line);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The legacy link's name stands for its container in every path.</summary>
    [Fact]
    public async Task A_links_name_is_a_containers_name_for_every_call()
    {
        var (web, db) = (NewName(), NewName());
        (await Docker.RunAsync($"run -d --name {db} busybox sleep 1000")).Expect(0);
        (await Docker.RunAsync($"run -d --name {web} --link {db}:store busybox sleep 1000")).Expect(0);
        var api = new EngineApi(Daemon.Http);
        Assert.Equal($"/{db}", (string)(await api.GetAsync($"containers/{web}/store/json")).Expect(200).Json["Name"]!);
        (await api.GetAsync($"containers/{web}/store/top")).Expect(200);
        (await api.PostAsync($"containers/{web}/store/pause")).Expect(204);
        (await api.PostAsync($"containers/{web}/store/unpause")).Expect(204);
        (await api.PostAsync($"containers/{web}/store/exec", new JsonObject { ["Cmd"] = new JsonArray("true") })).Expect(201);
        (await api.GetAsync($"containers/{web}/nosuch/json")).Expect(404);
    }

    /// <summary>Whoever sends an archive and then says nothing does not keep the container from being started.</summary>
    [Fact]
    public async Task A_silent_sender_of_an_archive_holds_nobody_up()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd waits for the sender");
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox sleep 1000")).Expect(0);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"PUT /containers/{name}/archive?path=/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 100000\r\n\r\n"));
        await stream.WriteAsync(new byte[100]);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        var answer = new byte[4096];
        var count = await stream.ReadAsync(answer).AsTask().WaitAsync(Shell.Limit);
        Assert.StartsWith("HTTP/1.1 409", System.Text.Encoding.ASCII.GetString(answer, 0, count), StringComparison.Ordinal);
        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
    }
}
