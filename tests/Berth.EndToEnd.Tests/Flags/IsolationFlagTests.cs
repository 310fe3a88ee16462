using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>The flags about what a container sees and may do, each used for real.</summary>
public sealed class IsolationFlagTests(SharedDaemon shared) : EndToEndTest(shared)
{
    public static TheoryData<string, string, string, string> Scripts
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var client in (string[])["docker", "berth"])
            {
                data.Add(client, "--cgroupns private", "grep -vc ':/$' /proc/self/cgroup", "0");
                data.Add(client, "--cgroupns host", "grep -c ':/$' /proc/self/cgroup", "0");
                data.Add(client, "--device /dev/net/tun:/dev/mine:r", "(: < /dev/mine) 2>&1 | grep -c 'not permitted'; (: > /dev/mine) 2>&1 | grep -c 'not permitted'", "0 1");
                data.Add(client, "--device /dev/net/tun:/dev/mine", "(: < /dev/mine) 2>&1 | grep -c 'not permitted'; (: > /dev/mine) 2>&1 | grep -c 'not permitted'", "0 0");
                data.Add(client, "--device-cgroup-rule 'c_10:200_rwm' --cap-add MKNOD", "mknod /tmp/t c 10 200 && (: < /tmp/t) 2>&1 | grep -c 'not permitted'", "0");
                data.Add(client, "--cap-add MKNOD", "mknod /tmp/t c 10 200; (: < /tmp/t) 2>&1 | grep -c 'not permitted'", "1");
                data.Add(client, "--group-add extra --group-add 77 -u app", "id -G | tr ' ' '\\n' | sort -n", "77 1000 2000");
                data.Add(client, "--ipc none", "test -d /dev/shm || echo nothing", "nothing");
                data.Add(client, "--ipc private", "test -d /dev/shm && echo own", "own");
                data.Add(client, "--ipc shareable", "test -d /dev/shm && echo own", "own");
                data.Add(client, "--security-opt no-new-privileges", "grep NoNewPrivs: /proc/self/status | tr -d '\\t'", "NoNewPrivs:1");
                data.Add(client, "--security-opt no-new-privileges=false", "grep NoNewPrivs: /proc/self/status | tr -d '\\t'", "NoNewPrivs:0");
                data.Add(client, "--security-opt seccomp=unconfined", "grep Seccomp: /proc/self/status | tr -d '\\t'", "Seccomp:0");
                data.Add(client, "--security-opt systempaths=unconfined", "grep -c ' /proc/' /proc/self/mounts", "0");
                data.Add(client, "--security-opt label=disable --security-opt apparmor=unconfined", "echo accepted", "accepted");
                data.Add(client, "--sysctl net.ipv4.ip_unprivileged_port_start=81 --sysctl kernel.msgmax=9000", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/msgmax", "81 9000");
                data.Add(client, "--userns host", "awk '{ print $2, $3 }' /proc/self/uid_map", "0 4294967295");
                data.Add(client, "--runtime runc", "echo ran", "ran");
                data.Add(client, "--isolation default", "echo ran", "ran");
                data.Add(client, "--privileged", "grep -c CapEff:.*fff /proc/self/status", "1");
                data.Add(client, "--read-only", "(: > /x) 2>/dev/null || echo refused", "refused");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_flag_does_what_it_says(string client, string options, string script, string expected)
    {
        // A word with blanks is written with underscores and quotes.
        var words = options.Split(' ').Select(word => word.StartsWith('\'') ? word.Trim('\'').Replace('_', ' ') : word);
        var run = (await Client(client).RunAsync(["run", "--rm", .. words, "busybox", "sh", "-c", script + "; true"])).Expect(0);
        Assert.Equal(expected, string.Join(' ', run.Lines));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Namespaces_are_shared_with_the_host_and_with_other_containers(string client)
    {
        var cli = Client(client);
        var host = Path.GetFileName(new FileInfo("/proc/self/ns/uts").LinkTarget!);
        Assert.Equal(host, (await cli.RunAsync("run --rm --uts host busybox readlink /proc/self/ns/uts")).Expect(0).Line);
        Assert.Equal(new FileInfo("/proc/self/ns/ipc").LinkTarget, (await cli.RunAsync("run --rm --ipc host busybox readlink /proc/self/ns/ipc")).Expect(0).Line);
        Assert.Equal(new FileInfo("/proc/self/ns/pid").LinkTarget, (await cli.RunAsync("run --rm --pid host busybox readlink /proc/self/ns/pid")).Expect(0).Line);
        var other = await RunSleeperAsync("--ipc shareable");
        foreach (var kind in (string[])["ipc", "pid"])
        {
            var shared = (await Docker.RunAsync($"exec {other} readlink /proc/self/ns/{kind}")).Expect(0).Line;
            Assert.Equal(shared, (await cli.RunAsync($"run --rm --{kind} container:{other} busybox readlink /proc/self/ns/{kind}")).Expect(0).Line);
        }

        // Whoever shares the namespace shares the memory, too, as files in it are how POSIX names it.
        (await Docker.ScriptAsync($"exec {other}", "echo theirs > /dev/shm/note")).Expect(0);
        Assert.Equal("theirs", (await cli.ScriptAsync($"run --rm --ipc container:{other} busybox", "cat /dev/shm/note; echo ours > /dev/shm/note")).Expect(0).Line);
        Assert.Equal("ours", (await Docker.RunAsync($"exec {other} cat /dev/shm/note")).Expect(0).Line);
        Assert.Contains(
            "shm /dev/shm tmpfs rw,nosuid,nodev,noexec",
            (await Docker.RunAsync($"exec {other} grep /dev/shm /proc/mounts")).Expect(0).Output,
            StringComparison.Ordinal);
        (await Docker.RunAsync($"restart -t 0 {other}")).Expect(0);
        Assert.Equal("", (await Docker.RunAsync($"exec {other} ls /dev/shm")).Expect(0).Output);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_seccomp_profile_of_the_users_own_is_used(string client)
    {
        var profile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}""");
            var run = await Client(client).ScriptAsync($"run --rm --security-opt seccomp={profile} busybox", "mkdir /x 2>/dev/null || echo refused");
            Assert.Equal("refused", run.Expect(0).Line);
        }
        finally
        {
            File.Delete(profile);
        }
    }

    [Theory]
    [InlineData("--runtime nosuch", "unknown or invalid runtime name: nosuch")]
    [InlineData("--isolation hyperv", "invalid isolation (hyperv): linux only supports 'default'")]
    [InlineData("--sysctl kernel.panic=1", "sysctl 'kernel.panic=1' is not allowed")]
    [InlineData("--gpus all", "could not select device driver")]
    [InlineData("--lxc-conf a=b", "unknown flag: --lxc-conf")]
    [InlineData("--storage-opt size=1G", "--storage-opt is supported only for overlay over xfs with 'pquota' mount option")]
    [InlineData("--volume-driver nosuch -v vvv:/v", "error looking up volume plugin nosuch")]
    [InlineData("--network-alias other", "network-scoped aliases are only supported for user-defined networks")]
    public async Task What_cannot_be_is_refused_with_the_reason(string options, string expected)
    {
        foreach (var client in SharedDaemon.ClientNames.Select(row => row.Data))
        {
            Assert.Contains(expected, (await Client(client).RunAsync($"run --rm {options} busybox true")).Expect(125).Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Flags_for_windows_are_refused_as_docker_refuses_them(string client)
    {
        foreach (var flag in (string[])["--cpu-count", "--cpu-percent", "--io-maxiops", "--io-maxbandwidth"])
        {
            Assert.Equal(
                $"\"{flag}\" is only supported on a Docker daemon running on windows, but the Docker daemon is running on linux\n",
                (await Client(client).RunAsync($"run --rm {flag} 1 busybox true")).Expect(1).Error);
        }
    }
}
