using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>
/// What a container is made of is looked at when it is made, and answered in Docker 28's words: a client pulls an image where it is told
/// "not found". Where Docker calls a client's error its own (500), the status is a client's.
/// </summary>
public sealed class ReferenceTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private EngineApi Api => new(Daemon.Http);

    [Theory]
    [InlineData("""{"PidMode":"container:nosuch"}""", 400, "No such container: nosuch")]
    [InlineData("""{"IpcMode":"container:nosuch"}""", 400, "No such container: nosuch")]
    [InlineData("""{"VolumesFrom":["nosuch"]}""", 400, "No such container: nosuch")]
    [InlineData("""{"VolumesFrom":[""]}""", 400, "volumes-from specification cannot be an empty string")]
    [InlineData("""{"Links":["nosuch:a"]}""", 400, "could not get container for nosuch: No such container: nosuch")]
    [InlineData("""{"Mounts":[{"Type":"volume","Target":"/x","Source":"vol","VolumeOptions":{"DriverConfig":{"Name":"nosuch"}}}]}""", 400, "create vol: error looking up volume plugin nosuch: plugin \"nosuch\" not found")]
    [InlineData("""{"Mounts":[{"Type":"bind","Target":"/x","Source":"/tmp","VolumeOptions":{}}]}""", 400, "VolumeOptions must not be specified on mount type \"bind\"")]
    [InlineData("""{"Mounts":[{"Type":"volume","Target":"/x","BindOptions":{}}]}""", 400, "BindOptions must not be specified on mount type \"volume\"")]
    [InlineData("""{"PortBindings":{"99999/tcp":[]}}""", 400, "invalid port specification: \"99999\"")]
    [InlineData("""{"PortBindings":{"foo/tcp":[]}}""", 400, "invalid port specification: \"foo\"")]
    [InlineData("""{"PortBindings":{"80-81/tcp":[{"HostPort":"1"}]}}""", 400, "invalid port specification: \"80-81\"")]
    [InlineData("""{"PortBindings":{"80/tcp":[{"HostPort":"foo"}]}}""", 400, "invalid port specification: \"foo\"")]
    [InlineData("""{"PortBindings":{"80/tcp":[{"HostPort":"90-80"}]}}""", 400, "invalid port specification: \"90-80\"")]
    [InlineData("""{"PortBindings":{"80/tcp":[{"HostPort":"-1"}]}}""", 400, "invalid port specification: \"-1\"")]
    [InlineData("""{"SecurityOpt":["nosuch=1"]}""", 400, "invalid --security-opt 2: \"nosuch=1\"")]
    [InlineData("""{"SecurityOpt":["nosuch"]}""", 400, "invalid --security-opt 1: \"nosuch\"")]
    [InlineData("""{"SecurityOpt":["writable-cgroups=x"]}""", 400, "invalid --security-opt 2: \"writable-cgroups=x\"")]
    [InlineData("""{"Annotations":{"":"x"}}""", 400, "invalid Annotations: the empty string is not permitted as an annotation key")]
    [InlineData("""{"ExtraHosts":["foo"]}""", 400, "bad format for add-host: \"foo\"")]
    [InlineData("""{"ExtraHosts":["foo:bar"]}""", 400, "invalid IP address in add-host: \"bar\"")]
    [InlineData("""{"LogConfig":{"Type":"nosuch"}}""", 400, "error looking up logging plugin nosuch: plugin \"nosuch\" not found")]
    public async Task A_host_configuration_that_cannot_be_is_refused_at_once(string host, int status, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's answers, which 20.10 does not give");
        var request = new JsonObject { ["Image"] = "busybox", ["Cmd"] = new JsonArray("true"), ["HostConfig"] = JsonNode.Parse(host) };
        var answer = (await Api.PostAsync("containers/create", request)).Expect(status);
        Assert.Equal(message, (string?)answer.Json["message"]);
    }

    [Theory]
    [InlineData("", "{}", 400, "config cannot be empty in order to create a container")]
    [InlineData("", """{"HostConfig":{"Memory":0}}""", 400, "config cannot be empty in order to create a container")]
    [InlineData("", """{"Image":"busybox","Cmd":["true"],"MacAddress":"foo"}""", 400, "invalid config for network bridge: invalid MAC address foo")]
    [InlineData("v1.43/", """{"Image":"busybox","Cmd":["true"],"NetworkingConfig":{"EndpointsConfig":{"bridge":{},"foo":{}}}}""", 400, "Container cannot be created with multiple network endpoints: bridge, foo")]
    [InlineData("", """{"Image":"busybox","Cmd":["true"],"WorkingDir":"/bin/busybox"}""", 400, "Cannot mkdir: /bin/busybox is not a directory")]
    public async Task A_request_that_cannot_be_is_refused_at_once(string version, string body, int status, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's answers, which 20.10 does not give");
        var answer = (await Api.PostAsync($"{version}containers/create", JsonNode.Parse(body))).Expect(status);
        Assert.Equal(message, (string?)answer.Json["message"]);
    }

    [Theory]
    [InlineData("%20%20", 400, "\"  \" is an invalid OS component of \"  \"")]
    [InlineData("nintendo64", 400, "\"nintendo64\": unknown operating system or architecture: invalid argument")]
    [InlineData("linux/amd64/foo/bar", 400, "\"linux/amd64/foo/bar\": cannot parse platform specifier: invalid argument")]
    [InlineData("macos", 404, "image with reference busybox was found but its platform (linux/amd64) does not match the specified platform (darwin/amd64)")]
    [InlineData("windows/amd64", 404, "image with reference busybox was found but its platform (linux/amd64) does not match the specified platform (windows/amd64)")]
    public async Task A_platform_is_looked_at_before_anything_is_done(string platform, int status, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd || !OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.OSArchitecture != System.Runtime.InteropServices.Architecture.X64, "Docker 28's answers on x86-64");
        var create = await Api.PostAsync($"containers/create?platform={platform}", JsonNode.Parse("""{"Image":"busybox","Cmd":["x"]}"""));
        Assert.StartsWith(message, (string?)create.Expect(status).Json["message"], StringComparison.Ordinal);

        // A pull and an import end with the reason, and have stored nothing.
        if (status == 400)
        {
            var pull = (await Api.PostAsync($"images/create?fromImage=127.0.0.1:1/x&tag=1&platform={platform}")).Expect(status);
            Assert.StartsWith(message, (string?)pull.Json["message"], StringComparison.Ordinal);
        }

        var import = (await Api.PostAsync($"images/create?fromSrc=-&platform={platform}")).Expect(400);
        Assert.StartsWith(status == 400 ? message : "operating system is not supported", (string?)import.Json["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_names_what_its_container_needs_and_never_says_that_the_container_is_not_there()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's answers, which 20.10 does not give");
        var donor = NewName();
        (await Docker.RunAsync($"create --name {donor} busybox true")).Expect(0);
        var id = (string?)(await InspectAsync(donor))["Id"];
        await FailsAsync("--pid", 409, $"failed to join PID namespace: container {id} is not running");
        await FailsAsync("--ipc", 409, $"failed to join IPC namespace: container {id} is not running");
        await FailsAsync("--network", 409, $"cannot join network namespace of a non running container: container {donor} is created");

        var lost = NewName();
        (await Docker.RunAsync($"create --name {lost} --network container:nosuch busybox true")).Expect(0);
        var answer = (await Api.PostAsync($"containers/{lost}/start")).Expect(400);
        Assert.Equal("joining network namespace of container: No such container: nosuch", (string?)answer.Json["message"]);

        async Task FailsAsync(string flag, int status, string message)
        {
            var name = NewName();
            (await Docker.RunAsync($"create --name {name} {flag} container:{donor} busybox true")).Expect(0);
            Assert.Equal(message, (string?)(await Api.PostAsync($"containers/{name}/start")).Expect(status).Json["message"]);
        }
    }

    [Fact]
    public async Task Defaults_depend_on_the_version_that_a_client_speaks()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "the default of dockerd's cgroup namespace depends on its cgroups");
        Assert.Equal(("shareable", "host"), await ModesAsync("v1.39/"));
        Assert.Equal(("private", "host"), await ModesAsync("v1.40/"));
        Assert.Equal(("private", "private"), await ModesAsync("v1.41/"));

        async Task<(string?, string?)> ModesAsync(string version)
        {
            var name = NewName();
            (await Api.PostAsync($"{version}containers/create?name={name}", JsonNode.Parse("""{"Image":"busybox","Cmd":["true"]}"""))).Expect(201);
            var host = (await InspectAsync(name))["HostConfig"]!;
            return ((string?)host["IpcMode"], (string?)host["CgroupnsMode"]);
        }
    }

    [Fact]
    public async Task A_working_directory_is_there_before_the_first_start()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} -w /var/new/dir/ busybox true")).Expect(0);
        Assert.Equal("/var/new/dir", (string?)(await InspectAsync(name))["Config"]!["WorkingDir"]);
        (await Docker.RunAsync($"cp {name}:/var/new/dir -")).Expect(0);

        var usual = NewName();
        (await Docker.RunAsync($"create --name {usual} -w /var/www busybox true")).Expect(0);
        Assert.Empty((await Docker.RunAsync($"diff {usual}")).Expect(0).Output);
    }

    [Fact]
    public async Task A_terminal_has_its_size_from_the_start()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker knows it since version 23");
        var name = NewName();
        var request = JsonNode.Parse("""{"Image":"busybox","Cmd":["stty","size"],"Tty":true,"HostConfig":{"ConsoleSize":[33,77]}}""");
        (await Api.PostAsync($"containers/create?name={name}", request)).Expect(201);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        (await Docker.RunAsync($"wait {name}")).Expect(0);
        Assert.Equal("33 77", (await Docker.RunAsync($"logs {name}")).Expect(0).Line.Trim());
    }

    [Fact]
    public async Task Shared_memory_is_named_shm_and_the_cgroups_are_writable_where_that_is_asked_for()
    {
        var shared = (await Docker.RunAsync("run --rm busybox grep /dev/shm /proc/mounts")).Expect(0).Line;
        Assert.StartsWith("shm /dev/shm tmpfs ", shared, StringComparison.Ordinal);
        if (!Daemon.IsDockerd)
        {
            Assert.Contains(" ro", await CgroupMountAsync(""), StringComparison.Ordinal);
            Assert.Contains(" rw", await CgroupMountAsync("--security-opt writable-cgroups=true"), StringComparison.Ordinal);
        }

        async Task<string> CgroupMountAsync(string option) =>
            (await Docker.ScriptAsync($"run --rm {option} busybox", "grep -m1 -E ' cgroup2? ' /proc/mounts | cut -d, -f1")).Expect(0).Line;
    }

    [Fact]
    public async Task A_profile_that_was_asked_for_holds_for_a_privileged_container_too()
    {
        var profile = Path.Combine(Daemon.Folder, "no-chmod.json");
        await File.WriteAllTextAsync(
            profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["chmod","fchmod","fchmodat","fchmodat2"],"action":"SCMP_ACT_ERRNO"}]}""");
        (await Docker.RunAsync("run --rm --privileged busybox chmod 700 /tmp")).Expect(0);
        (await Docker.RunAsync($"run --rm --privileged --security-opt seccomp={profile} busybox chmod 700 /tmp")).Expect(1);
    }

    [Fact]
    public async Task Published_ports_are_found_by_the_hosts_number_and_exposed_ones_by_the_containers()
    {
        var name = NewName();
        var port = Ports.Free();
        (await Docker.RunAsync($"run -d --name {name} -p 127.0.0.1:{port}:80 --expose 90 busybox sleep 1000")).Expect(0);
        foreach (var (filter, isFound) in new[]
        {
            ($"publish={port}", true), ($"publish={port}/tcp", true), ($"publish={port}/udp", false), ($"publish={port - 1}-{port + 1}", true),
            ("publish=80", false), ("expose=80", true), ("expose=90", true), ("expose=85-95/tcp", true), ($"expose={port}", false),
        })
        {
            var found = (await Docker.RunAsync($"ps -q --filter name={name} --filter {filter}")).Expect(0).Output.Length > 0;
            Assert.Equal((filter, isFound), (filter, found));
        }

        Assert.Contains("Invalid range specified for the Port: 90-80", (await Docker.RunAsync("ps --filter publish=90-80")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_a_running_container_has_what_lies_under_its_mounts_and_nothing_of_them()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} --tmpfs /var/www busybox sleep 1000")).Expect(0);
        var under = Path.Combine(Daemon.Folder, "under");
        await File.WriteAllTextAsync(under, "x");
        (await Docker.RunAsync($"cp {under} {name}:/var/under")).Expect(0);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        (await Docker.RunAsync($"exec {name} touch /var/www/in-memory /var/written")).Expect(0);
        var archive = Path.Combine(Daemon.Folder, "export.tar");
        (await Docker.RunAsync($"export -o {archive} {name}")).Expect(0);
        var names = (await Shell.RunAsync("tar", ["-tf", archive])).Expect(0).Lines;
        Assert.Contains("var/under", names);
        Assert.Contains("var/written", names);
        Assert.DoesNotContain("var/www/in-memory", names);
        Assert.DoesNotContain(names, n => n.StartsWith("proc/", StringComparison.Ordinal) && n.Length > "proc/".Length);
    }

    [Fact]
    public async Task An_update_takes_any_number_below_one_for_no_limit_and_refuses_what_contradicts_as_a_conflict()
    {
        var name = await RunSleeperAsync("--pids-limit 50");
        foreach (var (limit, shown) in new[] { (-1, 0), (40, 40), (-2, 0), (0, 0) })
        {
            (await Api.PostAsync($"containers/{name}/update", new JsonObject { ["PidsLimit"] = limit })).Expect(200);
            Assert.Equal(Daemon.IsDockerd ? limit : shown, (int?)(await InspectAsync(name))["HostConfig"]!["PidsLimit"]);
        }

        if (Daemon.IsDockerd)
        {
            return;
        }

        (await Api.PostAsync($"v1.39/containers/{name}/update", new JsonObject { ["PidsLimit"] = 7 })).Expect(200);
        Assert.Equal(0, (int?)(await InspectAsync(name))["HostConfig"]!["PidsLimit"]);
        var removed = NewName();
        (await Docker.RunAsync($"create --rm --name {removed} busybox true")).Expect(0);
        var answer = (await Api.PostAsync($"containers/{removed}/update", JsonNode.Parse("""{"RestartPolicy":{"Name":"always"}}"""))).Expect(409);
        Assert.EndsWith("Restart policy cannot be updated because AutoRemove is enabled for the container", (string?)answer.Json["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{i", "invalid JSON: invalid character 'i' looking for beginning of object key string")]
    [InlineData("{", "invalid JSON: unexpected EOF")]
    [InlineData("{} {}", "unexpected content after JSON")]
    [InlineData("""{"a":1,}""", "invalid JSON: invalid character '}' looking for beginning of object key string")]
    [InlineData("""{"a":tru}""", "invalid JSON: invalid character '}' in literal true (expecting 'e')")]
    [InlineData("[1 2]", "invalid JSON: invalid character '2' after array element")]
    [InlineData("""{"Image":5}""", "invalid JSON: json: cannot unmarshal number into Go struct field .Image of type string")]
    [InlineData("""{"HostConfig":{"Memory":"x"}}""", "invalid JSON: json: cannot unmarshal string into Go struct field .HostConfig.Memory of type int64")]
    [InlineData("""{"HostConfig":{"Memory":1.5}}""", "invalid JSON: json: cannot unmarshal number 1.5 into Go struct field .HostConfig.Memory of type int64")]
    [InlineData("""{"HostConfig":{"Memory":99999999999999999999}}""", "invalid JSON: json: cannot unmarshal number 99999999999999999999 into Go struct field .HostConfig.Memory of type int64")]
    [InlineData("""{"Tty":"x"}""", "invalid JSON: json: cannot unmarshal string into Go struct field .Tty of type bool")]
    [InlineData("""{"Env":"x"}""", "invalid JSON: json: cannot unmarshal string into Go struct field .Env of type []string")]
    [InlineData("""{"Labels":[]}""", "invalid JSON: json: cannot unmarshal array into Go struct field .Labels of type map[string]string")]
    [InlineData("[1]", "invalid JSON: json: cannot unmarshal array into Go value of type container.CreateRequest")]
    public async Task A_body_that_is_not_right_is_answered_in_Gos_words(string body, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's words");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Daemon.Http.PostAsync("containers/create", content);
        Assert.Equal((400, message), ((int)answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]));
    }

    [Theory]
    [InlineData("containers/x/resize?h=99999999999999999999&w=1", "invalid resize height \"99999999999999999999\": value out of range")]
    [InlineData("containers/x/resize?h=x&w=1", "invalid resize height \"x\": invalid syntax")]
    public async Task A_number_that_is_too_large_is_not_called_a_wrong_one(string path, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's words");
        Assert.Equal(message, (string?)(await Api.PostAsync(path)).Expect(400).Json["message"]);
    }

    [Fact]
    public async Task A_path_that_leads_through_a_file_is_not_called_missing()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 has other words");
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox true")).Expect(0);
        Assert.Equal("lstat /bin/busybox/x: not a directory", (string?)(await Api.GetAsync($"containers/{name}/archive?path=/bin/busybox/x")).Expect(400).Json["message"]);
        Assert.Equal("lstat /bin/busybox/: not a directory", (string?)(await Api.GetAsync($"containers/{name}/archive?path=/bin/busybox/")).Expect(400).Json["message"]);
        (await Api.GetAsync($"containers/{name}/archive?path=/nosuch/x")).Expect(404);
    }

    [Fact]
    public async Task A_network_that_is_asked_for_and_not_there_is_no_reason_to_start_without_it()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker 28's words");
        var name = NewName();
        var request = JsonNode.Parse("""{"Image":"busybox","Cmd":["true"],"NetworkingConfig":{"EndpointsConfig":{"nosuch":{}}}}""");
        (await Api.PostAsync($"containers/create?name={name}", request)).Expect(201);
        var answer = (await Api.PostAsync($"containers/{name}/start")).Expect(404);
        Assert.Equal("failed to set up container networking: network nosuch not found", (string?)answer.Json["message"]);
    }

    [Fact]
    public async Task Maps_are_in_the_order_of_their_keys()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} -l z=1 -l a=2 -l M=3 --expose 90 --expose 100 --expose 80/udp busybox true")).Expect(0);
        var config = (await InspectAsync(name))["Config"]!;
        Assert.Equal(["M", "a", "z"], config["Labels"]!.AsObject().Select(l => l.Key));
        Assert.Equal(["100/tcp", "80/udp", "90/tcp"], config["ExposedPorts"]!.AsObject().Select(l => l.Key));
    }
}
