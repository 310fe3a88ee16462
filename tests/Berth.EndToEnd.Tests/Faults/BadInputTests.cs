using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>Bad bodies of the requests that make containers and execs.</summary>
public sealed class BadInputTests(SharedDaemon shared) : BadInput(shared)
{
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

    [Fact]
    public async Task Members_of_a_create_request()
    {
        var before = HostFiles();
        foreach (var value in Values)
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
            "{\"Image\":\"busybox\",\"Image\":1}"u8.ToArray(), Encoding.UTF8.GetBytes($$"""{"Image":"{{Long}}"}"""), "{\"Cmd\":[null]}"u8.ToArray(),
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
}
