using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever a client sends, the answer comes soon, is no 5xx, says what is wrong, and no file of the host is another one after it.
/// </summary>
public sealed class BadInputTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(20);
    private static readonly string _long = new('a', 100_000);

    /// <summary>JSON values that are of the wrong type, out of range, or hostile.</summary>
    private static readonly string[] _values =
    [
        "null", "true", "0", "-1", "1e400", "99999999999999999999", "-9223372036854775808", "9223372036854775807", "0.5", "\"\"", "\"\\u0000\"",
        "\"a\\nb\"", "\"../../../../etc/passwd\"", "\"/\"", "\"..\"", "\"\\ud800\"", "\"container:\"", "\"container:nosuch\"", "\"4294967296\"",
        "\"%s%n\"", "\"{{.}}\"", $"\"{_long}\"", "[]", "{}", "[null]", "[\"\"]", "[\"a\\u0000b\"]", "[1]", "[[]]", "{\"\":\"\"}", "{\"a\":null}",
        "[{}]", "[\"../..:/x\"]", "[\"/etc/passwd:/../../../x:rw,bad\"]", "{\"a\\u0000\":\"b\"}", "{\"80/tcp\":[{}]}", "{\"99999/tcp\":[{\"HostPort\":\"-1\"}]}",
    ];

    private static readonly string[] _configMembers =
    [
        "Hostname", "Domainname", "User", "AttachStdin", "ExposedPorts", "Tty", "OpenStdin", "Env", "Cmd", "Healthcheck", "Image", "Volumes",
        "WorkingDir", "Entrypoint", "NetworkDisabled", "MacAddress", "Labels", "StopSignal", "StopTimeout", "Shell", "NetworkingConfig",
    ];

    private static readonly string[] _hostMembers =
    [
        "Binds", "ContainerIDFile", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy", "AutoRemove", "VolumeDriver", "VolumesFrom", "Mounts",
        "ConsoleSize", "Annotations", "CapAdd", "CapDrop", "CgroupnsMode", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "IpcMode", "Cgroup",
        "Links", "OomScoreAdj", "PidMode", "Privileged", "PublishAllPorts", "ReadonlyRootfs", "SecurityOpt", "StorageOpt", "Tmpfs", "UTSMode", "UsernsMode",
        "ShmSize", "Sysctls", "Runtime", "Isolation", "MaskedPaths", "ReadonlyPaths", "Init", "CpuShares", "Memory", "NanoCpus", "CgroupParent",
        "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpusetCpus", "CpusetMems", "Devices",
        "DeviceCgroupRules", "DeviceRequests", "MemoryReservation", "MemorySwap", "MemorySwappiness", "OomKillDisable", "PidsLimit", "Ulimits",
    ];

    /// <summary>Texts for queries and paths.</summary>
    private static readonly string[] _texts =
    [
        "", " ", "-1", "0x", "1E9", "99999999999999999999", "4294967296", "-9223372036854775808", "NaN", "a b", "a\nb", "\0", "../..", "..", ".", "%", "%zz", "/",
        "é", "\ud83d\ude00", "{}", "[]", "{\"a\":1}", "{\"name\":[1]}", "{\"name\":{\"(\":true}}", "true;false", "SIG", "SIGRTMIN+99", "ctrl-", "1h", "-1h", "1.5.5",
        "' OR 1", "$(id)", _long[..2000],
    ];

    [Fact]
    public async Task Members_of_a_create_request()
    {
        var before = HostFiles();
        foreach (var value in _values)
        {
            foreach (var member in _configMembers)
            {
                var image = member == "Image" ? "" : "\"Image\":\"busybox\",";
                var command = member is "Cmd" or "Entrypoint" ? "" : "\"Cmd\":[\"true\"],";
                await CreateAndStartAsync("{" + $"{image}{command}\"{member}\":{value}" + "}");
            }

            foreach (var member in _hostMembers)
            {
                await CreateAndStartAsync($$$"""{"Image":"busybox","Cmd":["true"],"HostConfig":{"{{{member}}}":{{{value}}}}}""");
            }
        }

        Assert.Equal(before, HostFiles());
    }

    [Theory]
    [InlineData("User", "\"nosuch\"", "\"root:nosuch\"", "\"2147483648\"", "\"-1\"", "\"0:-1\"", "\"99999999999\"", "\"root\\nx\"", "\"a:b:c\"", "\":\"", "\"0:\"", "\"/etc/passwd\"")]
    [InlineData("WorkingDir", "\"/etc/passwd\"", "\"/proc/1/root/../../..\"", "\"/a/../../b\"", "\"/\\n\"", "\"/dev/null/x\"")]
    [InlineData("Hostname", "\"a b\"", "\"-\"", "\"a\\nb\"", "\"a/b\"", "\"1.2.3.4\\tevil\"")]
    [InlineData("Env", "[\"=x\"]", "[\"A\\u0000=b\"]", "[\"A=\\n\"]", "[\"PATH=\"]")]
    [InlineData("Cmd", "[\"\"]", "[\"/\"]", "[\"nosuch\"]", "[\"/etc/passwd\"]", "[\"a\\u0000b\"]")]
    [InlineData("StopSignal", "\"SIGNO\"", "\"0\"", "\"65\"", "\"-9\"", "\"RTMIN+31\"")]
    [InlineData("Healthcheck", "{\"Test\":[\"NO\"]}", "{\"Test\":[\"CMD\",\"\"],\"Interval\":1000000}", "{\"Test\":[\"CMD-SHELL\"]}", "{\"Test\":[\"CMD\",\"x\"],\"Interval\":9223372036854775807}")]
    public async Task Values_of_a_container_that_is_started(string member, params string[] values)
    {
        var before = HostFiles();
        foreach (var value in values)
        {
            var command = member == "Cmd" ? "" : "\"Cmd\":[\"true\"],";
            await CreateAndStartAsync("{\"Image\":\"busybox\"," + $"{command}\"{member}\":{value}" + "}");
        }

        Assert.Equal(before, HostFiles());
    }

    [Theory]
    [InlineData("Sysctls", "{\"kernel.panic\":\"1\"}", "{\"../../x\":\"1\"}", "{\"net.ipv4.nosuch\":\"1\"}", "{\"kernel.shm_rmid_forced\":\"x\"}", "{\"\":\"1\"}")]
    [InlineData("Ulimits", "[{\"Name\":\"nosuch\",\"Soft\":1,\"Hard\":1}]", "[{\"Name\":\"nofile\",\"Soft\":9,\"Hard\":1}]", "[{\"Name\":\"nofile\",\"Soft\":-5,\"Hard\":-7}]")]
    [InlineData("Devices", "[{\"PathOnHost\":\"/nosuch\",\"PathInContainer\":\"/dev/x\",\"CgroupPermissions\":\"rwm\"}]", "[{\"PathOnHost\":\"/dev/null\",\"PathInContainer\":\"../../x\",\"CgroupPermissions\":\"zzz\"}]", "[{\"PathOnHost\":\"/etc/passwd\",\"PathInContainer\":\"/x\",\"CgroupPermissions\":\"r\"}]")]
    [InlineData("Binds", "[\"/nosuch-berth/../etc:/x:ro,z\"]", "[\"/etc:/\"]", "[\"name/../../etc:/x\"]", "[\"..:/x\"]", "[\"/a:/b:/c:d\"]", "[\"/etc:relative\"]", "[\"a\\u0000:/x\"]")]
    [InlineData("Mounts", "[{\"Type\":\"bind\",\"Source\":\"/nosuch\",\"Target\":\"/x\"}]", "[{\"Type\":\"volume\",\"Source\":\"../../etc\",\"Target\":\"/x\"}]", "[{\"Type\":\"nosuch\",\"Target\":\"/x\"}]", "[{\"Type\":\"tmpfs\",\"Target\":\"/\"}]", "[{\"Type\":\"tmpfs\",\"Target\":\"/x\",\"TmpfsOptions\":{\"SizeBytes\":-1,\"Mode\":99999999}}]")]
    [InlineData("Tmpfs", "{\"relative\":\"\"}", "{\"/x\":\"size=-1\"}", "{\"/x\":\"bad=1,,=\"}", "{\"/proc\":\"\"}", "{\"/\":\"\"}")]
    [InlineData("CgroupParent", "\"../../..\"", "\"/../x\"", "\"a\\nb\"", "\"/nosuch/a/b/c\"")]
    [InlineData("CpusetCpus", "\"99999\"", "\"a-b\"", "\"3-1\"", "\"0-\"")]
    [InlineData("Memory", "1", "-5", "9223372036854775807")]
    [InlineData("PidsLimit", "-5", "9223372036854775807")]
    [InlineData("CpuShares", "-1", "1", "9223372036854775807")]
    [InlineData("NanoCpus", "-1", "1", "9223372036854775807")]
    [InlineData("CpuQuota", "1", "-5")]
    [InlineData("BlkioWeight", "9", "1001", "65535")]
    [InlineData("ShmSize", "1", "9223372036854775807")]
    [InlineData("SecurityOpt", "[\"seccomp={\"]", "[\"seccomp={}\"]", "[\"seccomp=/etc/passwd\"]", "[\"nosuch=1\"]", "[\"apparmor=x\"]", "[\"\"]")]
    [InlineData("ExtraHosts", "[\"a:b\"]", "[\"a\\nb:1.2.3.4\"]", "[\"a:1.2.3.4\\n5.6.7.8 c\"]", "[\":\"]", "[\"a\"]")]
    [InlineData("Dns", "[\"x\"]", "[\"1.2.3.4\\nnameserver 5.6.7.8\"]", "[\"\"]")]
    [InlineData("DnsSearch", "[\"a b\"]", "[\"a\\nb\"]")]
    [InlineData("PortBindings", "{\"80\":[{\"HostPort\":\"x\"}]}", "{\"x/tcp\":[{}]}", "{\"80/nosuch\":[{}]}", "{\"80/tcp\":[{\"HostIp\":\"x\"}]}", "{\"80/tcp\":[{\"HostPort\":\"70000\"}]}", "{\"80-/tcp\":[{\"HostPort\":\"9-1\"}]}")]
    [InlineData("GroupAdd", "[\"nosuch\"]", "[\"-1\"]", "[\"4294967296\"]", "[\"\\n\"]")]
    [InlineData("DeviceCgroupRules", "[\"x\"]", "[\"c 1:1 zz\"]", "[\"a *:* rwm\"]", "[\"c 99999999999:1 r\"]")]
    [InlineData("MaskedPaths", "[\"relative\"]", "[\"/../../etc\"]", "[\"\"]", "[\"/etc\\u0000\"]")]
    [InlineData("StorageOpt", "{\"size\":\"x\"}", "{\"nosuch\":\"1\"}")]
    [InlineData("OomScoreAdj", "1001", "-1001")]
    public async Task Values_of_a_host_configuration_that_is_started(string member, params string[] values)
    {
        var before = HostFiles();
        foreach (var value in values)
        {
            await CreateAndStartAsync($$$"""{"Image":"busybox","Cmd":["true"],"HostConfig":{"{{{member}}}":{{{value}}}}}""");
        }

        Assert.Equal(before, HostFiles());
    }

    [Fact]
    public async Task Bodies_that_are_no_requests()
    {
        var name = await RunSleeperAsync();
        byte[][] bodies =
        [
            [], "{"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "1"u8.ToArray(), "\"x\""u8.ToArray(), "{}{}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(),
            [0xff, 0xfe], [.. "{\"Image\":\""u8, 0xc3, 0x28, .. "\"}"u8], Encoding.UTF8.GetBytes(new string('[', 100_000)), Encoding.UTF8.GetBytes("{\"Env\":" + new string('[', 5000) + new string(']', 5000) + "}"),
            "{\"Image\":\"busybox\",\"Image\":1}"u8.ToArray(), Encoding.UTF8.GetBytes($$"""{"Image":"{{_long}}"}"""), "{\"Cmd\":[null]}"u8.ToArray(),
        ];
        string[] targets = ["containers/create", $"containers/{name}/exec", $"containers/{name}/update", "networks/create", "volumes/create", $"containers/{name}/start", "exec/nosuch/start", "build/prune", "commit"];
        foreach (var target in targets)
        {
            foreach (var body in bodies)
            {
                foreach (var type in (string[])["application/json", "text/plain", "x", "application/json; charset=\"", ""])
                {
                    await SendAsync(HttpMethod.Post, target, body, type);
                }
            }
        }
    }

    [Fact]
    public async Task Queries_and_paths()
    {
        var name = await RunSleeperAsync();
        (HttpMethod Method, string Target)[] targets =
        [
            (HttpMethod.Post, "containers/create?name={}"), (HttpMethod.Get, "containers/json?limit={}"), (HttpMethod.Get, "containers/json?filters={}"),
            (HttpMethod.Get, "containers/json?size={}"), (HttpMethod.Get, "containers/{}/json"), (HttpMethod.Post, "containers/{}/start"), (HttpMethod.Delete, "containers/{}"),
            (HttpMethod.Delete, "containers/{}?link=1"), (HttpMethod.Get, $"containers/{name}/logs?stdout=1&tail={{}}"), (HttpMethod.Get, $"containers/{name}/logs?stdout=1&since={{}}"),
            (HttpMethod.Get, $"containers/{name}/logs?stdout=1&until={{}}"), (HttpMethod.Post, $"containers/{name}/kill?signal=X{{}}"), (HttpMethod.Post, $"containers/{name}/resize?h={{}}&w=1"),
            (HttpMethod.Post, $"containers/{name}/resize?h=1&w={{}}"), (HttpMethod.Post, $"containers/{name}/rename?name={{}}"), (HttpMethod.Post, $"containers/{name}/attach?detachKeys={{}}"),
            (HttpMethod.Get, $"containers/{name}/attach/ws?detachKeys={{}}"), (HttpMethod.Post, "containers/nosuch/stop?t={}"), (HttpMethod.Post, "containers/nosuch/wait?condition={}"),
            (HttpMethod.Get, $"containers/{name}/top?ps_args={{}}"), (HttpMethod.Get, $"containers/{name}/archive?path={{}}"), (HttpMethod.Head, $"containers/{name}/archive?path={{}}"),
            (HttpMethod.Post, "containers/prune?filters={}"), (HttpMethod.Get, "exec/{}/json"), (HttpMethod.Post, "exec/{}/resize?h=1&w=1"), (HttpMethod.Get, "images/json?filters={}"),
            (HttpMethod.Get, "images/{}/json"), (HttpMethod.Get, "images/{}/history"), (HttpMethod.Delete, "images/{}"), (HttpMethod.Post, "images/busybox/tag?repo={}"), (HttpMethod.Post, "images/busybox/tag?repo=x&tag={}"),
            (HttpMethod.Get, "networks?filters={}"), (HttpMethod.Get, "networks/{}"), (HttpMethod.Delete, "networks/{}"),
            (HttpMethod.Get, "volumes?filters={}"), (HttpMethod.Get, "volumes/{}"), (HttpMethod.Delete, "volumes/{}"), (HttpMethod.Get, "events?until=1&since={}"),
            (HttpMethod.Get, "events?since=1&until=2&filters={}"), (HttpMethod.Get, "v{}/info"), (HttpMethod.Get, "{}"), (HttpMethod.Get, "system/df?type={}"), (HttpMethod.Get, $"containers/{name}/stats?stream=0&one-shot={{}}"),
        ];
        var before = HostFiles();
        foreach (var (method, target) in targets)
        {
            foreach (var text in _texts)
            {
                var path = target.Replace("{}", Uri.EscapeDataString(text.Replace("\ud83d\ude00", "😀", StringComparison.Ordinal)), StringComparison.Ordinal);
                var body = target.StartsWith("containers/create", StringComparison.Ordinal) ? "{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}"u8.ToArray() : null;
                if (await SendAsync(method, path, body, "application/json") is { } made && made["Id"] is { } id && method == HttpMethod.Post)
                {
                    await SendAsync(HttpMethod.Delete, $"containers/{id}?force=1", null, "");
                }

                if (target.EndsWith("rename?name={}", StringComparison.Ordinal))
                {
                    await SendAsync(HttpMethod.Post, $"containers/{Uri.EscapeDataString(text)}/rename?name={name}", null, "");
                }
            }
        }

        Assert.Equal(before, HostFiles());
        Assert.Equal("true", (await Docker.RunAsync($"inspect -f {{{{.State.Running}}}} {name}")).Line);
    }

    [Theory]
    [InlineData("User", "\"nosuch\"", "\"4294967296\"", "\"-1\"", "\"a\\nb\"", "\"0:0:0\"", "\"99999999999\"")]
    [InlineData("WorkingDir", "\"relative\"", "\"/etc/passwd\"", "\"/nosuch\"", "\"/../../..\"", "\"\\u0000\"")]
    [InlineData("Env", "[\"=\"]", "[\"\"]", "[\"A\\u0000=1\"]")]
    [InlineData("Cmd", "[\"\"]", "[\"/\"]", "[\"\\u0000\"]", "[\"nosuch\"]", "[]", "\"\"")]
    [InlineData("DetachKeys", "\"ctrl-1\"", "\",\"", "\"\\n\"")]
    [InlineData("ConsoleSize", "[1]", "[1,2,3]", "[-1,-1]", "[99999,99999]")]
    public async Task Values_of_an_exec(string member, params string[] values)
    {
        var name = await RunSleeperAsync();
        foreach (var value in values)
        {
            var command = member == "Cmd" ? "" : "\"Cmd\":[\"true\"],";
            var body = Encoding.UTF8.GetBytes("{" + $"{command}\"AttachStdout\":true,\"{member}\":{value}" + "}");
            if (await SendAsync(HttpMethod.Post, $"containers/{name}/exec", body, "application/json") is { } made && (string?)made["Id"] is { } id)
            {
                await SendAsync(HttpMethod.Post, $"exec/{id}/start", "{\"Detach\":true}"u8.ToArray(), "application/json");
            }
        }
    }

    private async Task CreateAndStartAsync(string body)
    {
        if (await SendAsync(HttpMethod.Post, "containers/create", Encoding.UTF8.GetBytes(body), "application/json") is not { } made || (string?)made["Id"] is not { } id)
        {
            return;
        }

        await SendAsync(HttpMethod.Get, $"containers/{id}/json", null, "", body);
        await SendAsync(HttpMethod.Post, $"containers/{id}/start", null, "", body);
        await SendAsync(HttpMethod.Delete, $"containers/{id}?force=1&v=1", null, "", body);
    }

    /// <summary>Sends, and holds the answer to what this class is about.</summary>
    /// <returns>The answer's JSON object, where it is a success and is one.</returns>
    private async Task<JsonObject?> SendAsync(HttpMethod method, string target, byte[]? body, string type, string context = "")
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://berth/{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var what = $"{method} {Shorten(target)} {Shorten(context.Length > 0 ? context : Encoding.UTF8.GetString(body ?? []))}";
        using var limit = new CancellationTokenSource(_soon);
        try
        {
            using var answer = await Daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (answer.StatusCode == HttpStatusCode.SwitchingProtocols || (target.Contains("/attach", StringComparison.Ordinal) && answer.IsSuccessStatusCode))
            {
                return null;
            }

            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            Assert.True((int)answer.StatusCode is < 500 or 501 or 503, $"{(int)answer.StatusCode} for {what}: {text}");
            if ((int)answer.StatusCode >= 400 && method != HttpMethod.Head && text.Length > 0)
            {
                Assert.False(string.IsNullOrWhiteSpace((string?)JsonNode.Parse(text)!["message"]), $"a message for {what}: {text}");
            }

            return answer.IsSuccessStatusCode && text.StartsWith('{') ? JsonNode.Parse(text.Split('\n')[0]) as JsonObject : null;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no answer in time to {what}");
            return null;
        }
    }

    private static string Shorten(string text) => text.Length > 300 ? text[..300] + "…" : text;

    /// <summary>Digests of files that an attack would be after.</summary>
    private static string HostFiles() => string.Join('\n', ((string[])["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"])
        .Select(path => $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}")
        .Concat(Directory.GetFileSystemEntries("/").Order(StringComparer.Ordinal))
        .Append(new FileInfo("/dev/null").UnixFileMode.ToString()));
}
