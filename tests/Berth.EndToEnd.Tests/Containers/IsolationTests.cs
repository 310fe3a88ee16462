using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>The container sees only itself.</summary>
public sealed class IsolationTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task It_has_no_descriptors_but_the_first_three()
    {
        var run = (await Docker.ScriptAsync("run --rm busybox", "ls /proc/self/fd; ls -l /proc/1/fd")).Expect(0);
        Assert.DoesNotContain("socket:", run.Output);
        // ls itself holds the directory that it lists as descriptor 3.
        Assert.Equal(["0", "1", "2", "3"], run.Lines.TakeWhile(line => line.Length == 1));
        var name = await RunSleeperAsync();
        Assert.Equal(["0", "1", "2", "3"], (await Docker.RunAsync($"exec {name} ls /proc/self/fd")).Expect(0).Lines);
    }

    [Fact]
    public async Task It_sees_none_of_the_hosts_mounts()
    {
        var mounts = (await Docker.RunAsync("run --rm busybox cat /proc/self/mountinfo")).Expect(0).Output;
        var points = (await Docker.ScriptAsync("run --rm busybox", "awk '{ print $5 }' /proc/self/mountinfo")).Expect(0).Lines;
        string[] allowed = ["/", "/proc", "/dev", "/sys", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts"];
        Assert.All(points, point => Assert.True(
            allowed.Contains(point) || point.StartsWith("/proc/", StringComparison.Ordinal) || point.StartsWith("/dev/", StringComparison.Ordinal)
                || point.StartsWith("/sys/", StringComparison.Ordinal),
            $"{point} is mounted:\n{mounts}"));
    }

    [Fact]
    public async Task The_hosts_mount_table_shows_nothing_of_it()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd mounts each root on the host");
        var name = await RunSleeperAsync();
        Assert.NotNull(name);
        Assert.Empty(Leftovers.MountsBelow(Daemon.Folder));
    }

    [Theory]
    [InlineData("cat /proc/kcore | head -c 1 | wc -c", "0")]
    [InlineData("echo x > /proc/sysrq-trigger 2>/dev/null || echo refused", "refused")]
    [InlineData("mount -t tmpfs none /mnt 2>/dev/null || echo refused", "refused")]
    [InlineData("mknod /tmp/sda b 8 0 2>/dev/null && head -c 1 /tmp/sda 2>/dev/null || echo refused", "refused")]
    [InlineData("echo 1 > /sys/kernel/mm/ksm/run 2>/dev/null || echo refused", "refused")]
    [InlineData("unshare -Ur true 2>/dev/null || echo refused", "refused")]
    [InlineData("grep Seccomp: /proc/self/status | tr -d '\\t'", "Seccomp:2")]
    public async Task What_would_reach_the_host_is_refused(string script, string expected) =>
        Assert.Equal(expected, (await Docker.ScriptAsync("run --rm busybox", script)).Line);

    /// <remarks>CVE-2019-5736: whoever can open the runtime's binary through /proc can overwrite it on the host.</remarks>
    [Fact]
    public async Task The_runtimes_binary_cannot_be_opened_through_proc()
    {
        var name = NewName();
        (await Docker.RunAsync(
            "run", "-d", "--name", name, "busybox", "sh", "-c",
            "while :; do for p in /proc/[0-9]*; do e=$(readlink $p/exe); case $e in /bin/busybox|'') ;; *) echo seen $e; (echo broken > $p/exe) 2>/dev/null && echo WRITTEN $e;; esac; done; done")).Expect(0);
        for (var i = 0; i < 30; i++)
        {
            (await Docker.RunAsync($"exec {name} true")).Expect(0);
        }

        Assert.DoesNotContain("WRITTEN", (await Docker.RunAsync($"logs {name}")).Expect(0).Output);
    }

    [Fact]
    public async Task Pid_1_is_the_command_and_the_only_process()
    {
        var run = (await Docker.ScriptAsync("run --rm busybox", "echo /proc/[0-9]*; echo $$")).Expect(0);
        Assert.Equal(["/proc/1", "1"], run.Lines);
    }
}
