using System.Net;
using System.Net.Http.Json;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>A start that fails says why in Docker's words, ends with Docker's code, and leaves nothing behind.</summary>
public sealed class StartFailureTests(SharedDaemon shared) : EndToEndTest(shared)
{
    public static TheoryData<string, string, int, string> Failures => new()
    {
        { "docker", "busybox nosuch", 127, "executable file not found in $PATH" },
        { "berth", "busybox nosuch", 127, "executable file not found in $PATH" },
        { "docker", "busybox /no/such", 127, "no such file or directory" },
        { "docker", "busybox /etc/passwd", 126, "permission denied" },
        { "berth", "busybox /etc/passwd", 126, "permission denied" },
        { "docker", "busybox /etc", 126, "" },
        { "docker", "-w /etc/passwd busybox true", 125, "Cannot mkdir: /etc/passwd is not a directory" },
        { "docker", "-u nobody busybox true", 125, "unable to find user nobody: no matching entries in passwd file" },
        { "berth", "-u nobody busybox true", 125, "unable to find user nobody: no matching entries in passwd file" },
        { "docker", "--mount type=bind,source=/no/such,target=/x busybox true", 125, "bind source path does not exist: /no/such" },
        { "berth", "--mount type=bind,source=/no/such,target=/x busybox true", 125, "bind source path does not exist: /no/such" },
        { "docker", "nosuch:image", 125, "" },
        { "docker", "-m 1m busybox true", 125, "Minimum memory limit allowed is 6MB" },
        { "docker", "--cpus 1000 busybox true", 125, "ange of CPUs is from 0.01 to" },
        { "docker", "--network nosuch busybox true", 125, "network nosuch not found" },
        { "docker", "--cap-add NOSUCH busybox true", 125, "NOSUCH" },
        { "docker", "-v relative/../path:x busybox true", 125, "" },
        { "docker", "--nosuch busybox true", 125, "unknown flag: --nosuch" },
        { "berth", "--nosuch busybox true", 125, "unknown flag: --nosuch" },
        { "docker", "-p 99999:80 busybox true", 125, "" },
        { "docker", "--log-driver nosuch busybox true", 125, "nosuch" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failed_run_says_why_and_ends_with_dockers_code(string client, string words, int code, string text)
    {
        Assert.SkipWhen(Daemon.IsDockerd && client == "berth", "berth has its own daemon");
        var name = NewName();
        var run = (await Client(client).RunAsync($"run --name {name} {words}")).Expect(code);
        Assert.Contains(text, run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task After_a_failed_start_the_container_is_created_and_nothing_of_it_is_left_in_the_kernel()
    {
        var name = NewName();
        (await Docker.RunAsync($"run --name {name} busybox nosuch")).Expect(127);
        var inspect = await InspectAsync(name);
        Assert.Equal("created", (string?)inspect["State"]!["Status"]);
        Assert.Equal(127, (int)inspect["State"]!["ExitCode"]!);
        Assert.Empty(Leftovers.CgroupsOf((string)inspect["Id"]!));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_start_that_fails_ends_with_1_attached_or_not(string client)
    {
        var name = NewName();
        (await Client(client).RunAsync($"create --name {name} busybox nosuch")).Expect(0);
        Assert.Contains("executable file not found in $PATH", (await Client(client).RunAsync($"start {name}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("executable file not found in $PATH", (await Client(client).RunAsync($"start -a {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_relative_working_directory_makes_no_container(string client)
    {
        const string refusal = "the working directory 'tmp' is invalid, it needs to be an absolute path";
        foreach (var (words, code) in ((string, int)[])[("run", 125), ("create", 1)])
        {
            var name = NewName();
            Assert.Contains(refusal, (await Client(client).RunAsync($"{words} --name {name} -w tmp busybox true")).Expect(code).Error);
            (await Docker.RunAsync($"inspect {name}")).Expect(1);
        }

        using var create = await Daemon.Http.PostAsJsonAsync("containers/create", new { Image = "busybox", WorkingDir = "tmp" });
        Assert.Equal(HttpStatusCode.BadRequest, create.StatusCode);
        Assert.Contains("invalid, it needs to be an absolute path", await create.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker", "-v /etc:/bin/busybox")]
    [InlineData("berth", "-v /etc:/bin/busybox")]
    [InlineData("docker", "-v /etc/passwd:/bin")]
    [InlineData("berth", "-v /etc/passwd:/bin:ro")]
    [InlineData("docker", "--tmpfs /bin/busybox")]
    [InlineData("docker", "-v /etc:/etc/hosts")]
    [InlineData("docker", "-v /etc/passwd:/bin/busybox/x")]
    public async Task A_directory_mounted_on_a_file_or_the_reverse_gives_127_and_dockers_hint(string client, string mount)
    {
        Assert.SkipWhen(Daemon.IsDockerd && client == "berth", "berth has its own daemon");
        const string hint =
            "Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type";
        var name = NewName();
        (await Client(client).RunAsync($"create --name {name} {mount} busybox true")).Expect(0);
        Assert.Contains(hint, (await Client(client).RunAsync($"start {name}")).Expect(1).Error);
        var state = (await InspectAsync(name))["State"]!;
        Assert.Equal(("created", 127), ((string?)state["Status"], (int)state["ExitCode"]!));
        Assert.Contains(hint, (string?)state["Error"]);
        using var start = await Daemon.Http.PostAsync($"containers/{name}/start", null);
        Assert.Equal(HttpStatusCode.BadRequest, start.StatusCode);
    }

    [Fact]
    public async Task A_failed_run_with_rm_leaves_no_container()
    {
        var name = NewName();
        (await Docker.RunAsync($"run --rm --name {name} busybox nosuch")).Expect(127);
        Assert.Empty((await Docker.RunAsync($"ps -aq --filter name={name}")).Lines);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_name_in_use_is_a_conflict(string client)
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox true")).Expect(0);
        var run = (await Client(client).RunAsync($"run --name {name} busybox true")).Expect(125);
        Assert.Contains($"Conflict. The container name \"/{name}\" is already in use by container", run.Error);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_published_port_in_use_is_refused_and_can_be_used_later(string client)
    {
        var port = Ports.Free();
        await RunSleeperAsync($"-p {port}:80", NewName());
        var name = NewName();
        var run = (await Client(client).RunAsync($"run --name {name} -p {port}:80 busybox true")).Expect(125);
        Assert.Contains("port is already allocated", run.Error);
    }
}
