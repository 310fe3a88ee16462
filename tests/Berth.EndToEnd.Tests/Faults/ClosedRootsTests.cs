using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>What lies below the data root and the run root is no ordinary user's: environments, images, set-uid files of containers (issue 9, number 7).</summary>
public sealed class ClosedRootsTests
{
    [Fact]
    public async Task An_ordinary_user_can_neither_list_nor_read_nor_execute_anything()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's roots");
        await using var daemon = await Daemon.StartAsync();
        (await Shell.RunAsync("chmod", ["0755", daemon.Folder])).Expect(0);
        (await daemon.Docker.RunAsync("run", "-d", "--name", "setuid", "-v", "shared:/v", "-e", "SECRET=1", "-p", $"{Ports.Free()}:80", "busybox",
            "sh", "-c", "cp /bin/busybox /v/root; chmod 4777 /v/root; cp /bin/busybox /root2; chmod 4777 /root2; exec sleep 1000")).Expect(0);
        (await daemon.Docker.RunAsync("run -d --init --user 1000 busybox sleep 1000")).Expect(0);
        (await daemon.Docker.RunAsync("create --name stopped busybox true")).Expect(0);
        (await daemon.Docker.RunAsync("info")).Expect(0);
        await Eventually.HoldsAsync("it has made its files", async () => (await daemon.Docker.RunAsync("exec setuid test -u /root2")).ExitCode == 0);
        Assert.True(File.Exists(Path.Combine(daemon.DataRoot, "volumes/shared/_data/root")));

        string[] roots = [daemon.DataRoot, daemon.ExecRoot];
        var paths = (await Shell.RunAsync("find", roots)).Expect(0).Output;
        Assert.Contains("/monitor.sock\n", paths, StringComparison.Ordinal);
        Assert.Contains("/config.json\n", paths, StringComparison.Ordinal);

        // As nobody, and as nobody in root's group.
        foreach (var group in new[] { "65534", "0" })
        {
            const string Walk = """
                while read -r p; do
                  if [ -d "$p" ]; then ls "$p" >/dev/null 2>&1 && echo "lists $p"; fi
                  if [ -f "$p" ]; then cat "$p" >/dev/null 2>&1 && echo "reads $p"; [ -x "$p" ] && echo "executes $p"; fi
                  [ -w "$p" ] && echo "writes $p"
                done
                true
                """;
            var walk = await Shell.RunAsync(
                "setpriv", ["--reuid", "65534", "--regid", group, "--clear-groups", "/bin/sh", "-c", Walk], Encoding.UTF8.GetBytes(paths));
            Assert.Equal("", walk.Expect(0).Output);
        }

        foreach (var root in roots)
        {
            Assert.Equal("710 0 0", (await Shell.RunAsync("stat", ["-c", "%a %u %g", root])).Expect(0).Line);
            var open = await Shell.RunAsync("find", [root, "-mindepth", "1", "-maxdepth", "1", "-perm", "/077", "-not", "-type", "s"]);
            Assert.Equal("", open.Expect(0).Output);
        }

        var records = await Shell.RunAsync("find", [.. roots, "(", "-name", "*.json", "-o", "-name", "*.jsonl", "-o", "-name", "synced", ")", "-not", "-path", "*/layers/*", "-not", "-path", "*/upper/*", "-not", "-path", "*/images/*", "-perm", "/177"]);
        Assert.Equal("", records.Expect(0).Output);
    }

    [Fact]
    public async Task Containers_of_any_user_see_all_that_is_theirs_whatever_the_daemons_umask_is()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it is Berth's daemon that is asked");
        await using var daemon = await Daemon.StartAsync();
        await daemon.TerminateAsync();
        await daemon.StartProcessAsync(umask: "077");
        const string Look = "cat /etc/hosts /etc/hostname /etc/resolv.conf /etc/passwd > /dev/null && echo hello > /v/mine && ls / > /dev/null && umask";
        (await daemon.Docker.RunAsync("run --rm -v shared:/v busybox chmod 1777 /v")).Expect(0);
        var run = (await daemon.Docker.RunAsync("run", "--rm", "--init", "--user", "12345", "-v", "shared:/v", "busybox", "sh", "-c", Look)).Expect(0);
        Assert.Equal("0022", run.Line);
        (await daemon.Docker.RunAsync("run -d --name user --user 12345 busybox sleep 1000")).Expect(0);
        (await daemon.Docker.RunAsync("exec user cat /etc/resolv.conf")).Expect(0);
    }

    [Fact]
    public async Task Roots_that_an_earlier_release_left_open_are_closed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's roots");
        await using var daemon = await Daemon.StartAsync();
        (await daemon.Docker.RunAsync("run --rm -v shared:/v busybox true")).Expect(0);
        await daemon.TerminateAsync();
        string[] open = [daemon.DataRoot, daemon.ExecRoot, .. new[] { "images", "volumes", "base", "networks" }.Select(name => Path.Combine(daemon.DataRoot, name))];
        (await Shell.RunAsync("chmod", ["0711", .. open])).Expect(0);
        await daemon.StartProcessAsync();
        (await daemon.Docker.RunAsync("run --rm -v shared:/v busybox true")).Expect(0);
        Assert.Equal(["710", "710", "700", "700", "700", "700"], (await Shell.RunAsync("stat", ["-c", "%a", .. open])).Expect(0).Lines);
    }
}
