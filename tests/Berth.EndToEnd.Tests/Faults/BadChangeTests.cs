using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>Bad bodies of the requests that change what is there, or run something in it.</summary>
public sealed class BadChangeTests(SharedDaemon shared) : BadInput(shared)
{
    private static readonly string[] _updateMembers =
    [
        "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteIOps", "CpuShares", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime",
        "CpusetCpus", "CpusetMems", "Devices", "DeviceCgroupRules", "KernelMemory", "Memory", "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus",
        "OomKillDisable", "PidsLimit", "RestartPolicy", "Ulimits",
    ];

    private static readonly string[] _execMembers =
    [
        "AttachStdin", "AttachStdout", "AttachStderr", "Cmd", "ConsoleSize", "DetachKeys", "Env", "Privileged", "Tty", "User", "WorkingDir",
    ];

    private static readonly string[] _commitMembers =
    [
        "Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild", "Shell", "StopSignal", "StopTimeout", "User", "Volumes", "WorkingDir",
    ];

    [Fact]
    public async Task Members_of_an_update()
    {
        var name = await RunSleeperAsync();
        foreach (var body in from member in _updateMembers from value in Values select $$"""{"{{member}}":{{value}}}""")
        {
            await PostAsync($"containers/{name}/update", body);
        }

        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
    }

    [Fact]
    public async Task Members_of_an_exec_and_of_its_start()
    {
        var name = await RunSleeperAsync();
        foreach (var (member, value) in from member in _execMembers from value in Values select (member, value))
        {
            var command = member == "Cmd" ? "" : "\"Cmd\":[\"true\"],";
            if (await PostAsync($"containers/{name}/exec", "{" + $"{command}\"{member}\":{value}" + "}") is { } made)
            {
                await PostAsync($"exec/{made["Id"]}/start", """{"Detach":true}""");
                await SendAsync(HttpMethod.Get, $"exec/{made["Id"]}/json", null, "");
            }
        }

        foreach (var (member, value) in from member in (string[])["Tty", "ConsoleSize", "Detach"] from value in Values select (member, value))
        {
            var made = await PostAsync($"containers/{name}/exec", """{"Cmd":["true"],"Tty":true}""");
            var detach = member == "Detach" ? "" : "\"Detach\":true,";
            await PostAsync($"exec/{made!["Id"]}/start", "{" + $"{detach}\"{member}\":{value}" + "}");
        }
    }

    [Fact]
    public async Task Members_of_a_commit()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox true")).Expect(0);
        foreach (var body in from member in _commitMembers from value in Values select $$"""{"{{member}}":{{value}}}""")
        {
            if (await PostAsync($"commit?container={name}", body) is { } made)
            {
                await SendAsync(HttpMethod.Get, $"images/{made["Id"]}/json", null, "", body);
                await CreateAndStartAsync($$"""{"Image":"{{made["Id"]}}"}""");
                await SendAsync(HttpMethod.Delete, $"images/{made["Id"]}?force=1", null, "");
            }
        }
    }

    [Theory]
    [InlineData("NetworkingConfig", "{\"EndpointsConfig\":null}", "{\"EndpointsConfig\":{\"bridge\":null}}", "{\"EndpointsConfig\":{\"\":{}}}", "{\"EndpointsConfig\":{\"bridge\":{\"IPAMConfig\":{\"IPv4Address\":\"1.2.3\"}}}}",
        "{\"EndpointsConfig\":{\"bridge\":{\"IPAMConfig\":{\"IPv4Address\":\"255.255.255.255\"}}}}", "{\"EndpointsConfig\":{\"bridge\":{\"MacAddress\":\"zz\"}}}", "{\"EndpointsConfig\":{\"bridge\":{\"Aliases\":[\"\"]}}}",
        "{\"EndpointsConfig\":{\"bridge\":{\"Links\":[\":\"]}}}", "{\"EndpointsConfig\":{\"a\":{},\"b\":{},\"../c\":{}}}", "{\"EndpointsConfig\":{\"host\":{},\"none\":{}}}")]
    [InlineData("MacAddress", "\"zz\"", "\"00:00:00:00:00:00\"", "\"ff:ff:ff:ff:ff:ff\"", "\"02:42:ac:11:00:02:00:00\"")]
    [InlineData("ExposedPorts", "{\"\":{}}", "{\"80-/tcp\":{}}", "{\"9-1/tcp\":{}}", "{\"1-65535/tcp\":{}}", "{\"0/tcp\":{}}", "{\"70000/udp\":{}}")]
    [InlineData("Volumes", "{\"\":{}}", "{\"relative\":{}}", "{\"/\":{}}", "{\"/../x\":{}}", "{\"/proc\":{}}", "{\"/a:/b\":{}}", "{\"/etc/passwd\":{}}")]
    [InlineData("Entrypoint", "[\"\"]", "[\"\",\"a\"]", "[\"/etc\"]", "[\"..\"]")]
    [InlineData("StopTimeout", "-1", "-2147483649", "2147483647")]
    [InlineData("Labels", "{\"\":\"\"}", "{\"a\\nb\":\"\\u0001\"}")]
    [InlineData("Domainname", "\"a b\"", "\"a\\nb\"", "\"/\"")]
    [InlineData("HostConfig", "{\"Links\":[\"nosuch:x\"]}", "{\"Links\":[\":\"]}", "{\"Links\":[\"\"]}", "{\"VolumesFrom\":[\"nosuch\"]}", "{\"VolumesFrom\":[\":\"]}", "{\"VolumesFrom\":[\"a:zz\"]}")]
    [InlineData("HostConfig", "{\"NetworkMode\":\"nosuch\"}", "{\"NetworkMode\":\"container:\"}", "{\"NetworkMode\":\"../x\"}", "{\"NetworkMode\":\"host\",\"PortBindings\":{\"80/tcp\":[{}]}}", "{\"NetworkMode\":\"none\",\"Links\":[\"a\"]}")]
    [InlineData("HostConfig", "{\"IpcMode\":\"container:nosuch\"}", "{\"PidMode\":\"container:nosuch\"}", "{\"PidMode\":\"x\"}", "{\"UTSMode\":\"container:x\"}", "{\"UsernsMode\":\"x\"}", "{\"CgroupnsMode\":\"x\"}", "{\"Isolation\":\"hyperv\"}", "{\"Runtime\":\"../x\"}")]
    [InlineData("HostConfig", "{\"RestartPolicy\":{\"Name\":\"x\"}}", "{\"RestartPolicy\":{\"Name\":\"always\",\"MaximumRetryCount\":3}}", "{\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":-1}}", "{\"RestartPolicy\":{\"Name\":\"always\"},\"AutoRemove\":true}")]
    [InlineData("HostConfig", "{\"LogConfig\":{\"Type\":\"../x\"}}", "{\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"-5\"}}}", "{\"LogConfig\":{\"Config\":{\"max-size\":\"99999999999999999999g\"}}}", "{\"LogConfig\":{\"Config\":{\"max-file\":\"0\",\"max-size\":\"1k\"}}}", "{\"LogConfig\":{\"Config\":{\"tag\":\"{{\"}}}", "{\"LogConfig\":{\"Config\":{\"env-regex\":\"(\"}}}")]
    [InlineData("HostConfig", "{\"MemorySwap\":1}", "{\"Memory\":67108864,\"MemorySwap\":1}", "{\"MemorySwappiness\":101}", "{\"MemoryReservation\":1,\"Memory\":67108864}", "{\"KernelMemory\":-1}", "{\"CpuPeriod\":1}", "{\"CpuRealtimeRuntime\":999999999}", "{\"CpuCount\":-1}", "{\"CpusetMems\":\"99\"}")]
    [InlineData("HostConfig", "{\"BlkioWeightDevice\":[{\"Path\":\"/nosuch\",\"Weight\":5}]}", "{\"BlkioDeviceReadBps\":[{\"Path\":\"\",\"Rate\":-1}]}", "{\"BlkioDeviceReadBps\":[{\"Path\":\"/etc/passwd\",\"Rate\":1}]}", "{\"BlkioDeviceWriteIOps\":[{\"Path\":\"/dev/null\",\"Rate\":18446744073709551615}]}", "{\"DeviceRequests\":[{\"Driver\":\"nvidia\",\"Count\":-1}]}")]
    public async Task Values_of_a_container_that_is_started(string member, params string[] values)
    {
        var before = HostFiles();
        foreach (var value in values)
        {
            var command = member == "Entrypoint" ? "" : "\"Cmd\":[\"true\"],";
            await CreateAndStartAsync("{\"Image\":\"busybox\"," + $"{command}\"{member}\":{value}" + "}");
        }

        Assert.Equal(before, HostFiles());
    }

    private Task<JsonObject?> PostAsync(string target, string body) => SendAsync(HttpMethod.Post, target, Encoding.UTF8.GetBytes(body), "application/json");
}
