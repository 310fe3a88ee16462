using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>What daemon.json says holds for the containers.</summary>
public sealed class DaemonJsonTests
{
    [Fact]
    public async Task Defaults_of_daemon_json_hold_for_containers_and_options_without_effect_are_warned_of()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var config = await ConfigAsync(
            """
            {
              "default-shm-size": "10M", "default-ipc-mode": "shareable", "no-new-privileges": true, "init": true, "icc": false,
              "log-format": "json", "host-gateway-ips": ["10.1.2.3"], "userland-proxy": false, "storage-driver": "btrfs",
              "features": {"buildkit": true}, "exec-opts": ["native.cgroupdriver=systemd"]
            }
            """);
        try
        {
            await using var daemon = await Daemon.StartAsync("--config-file", config, "-G", "");
            var warnings = (await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "log"))).Select(l => JsonNode.Parse(l)!)
                .Where(l => (string?)l["level"] == "warning").Select(l => (string)l["msg"]!).ToList();
            foreach (var key in (string[])["userland-proxy", "storage-driver", "features", "exec-opts"])
            {
                Assert.Contains(warnings, w => w.StartsWith($"\"{key}\" in {config}, line ", StringComparison.Ordinal));
            }

            var script = "df -k /dev/shm | tail -1; grep NoNewPrivs /proc/self/status; cat /proc/1/comm; grep gate /etc/hosts";
            var seen = (await daemon.Docker.ScriptAsync("run --rm --add-host gate:host-gateway busybox", script)).Expect(0).Output;
            Assert.Contains(" 10240 ", seen, StringComparison.Ordinal);
            Assert.Contains("NoNewPrivs:\t1", seen, StringComparison.Ordinal);
            Assert.Contains("init", seen, StringComparison.Ordinal);
            Assert.Contains("10.1.2.3\tgate", seen, StringComparison.Ordinal);
            var other = (await daemon.Docker.ScriptAsync("run --rm --security-opt no-new-privileges=false busybox", "grep NoNewPrivs /proc/self/status")).Expect(0).Output;
            Assert.Contains("NoNewPrivs:\t0", other, StringComparison.Ordinal);

            // Of two containers neither reaches the other; what is published is reached.
            (await daemon.Docker.RunAsync("run -d --name one busybox httpd -f -p 80")).Expect(0);
            var address = (await daemon.Docker.RunAsync("inspect", "-f", "{{.NetworkSettings.IPAddress}} {{.HostConfig.IpcMode}}", "one")).Expect(0).Line.Split(' ');
            Assert.Equal("shareable", address[1]);

            // How busybox ends when its time is over depends on its build.
            Assert.NotEqual(0, (await daemon.Docker.RunAsync($"run --rm busybox wget -q -T 3 -O - http://{address[0]}/")).ExitCode);
            var fromHost = await Shell.RunAsync("curl", ["-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", $"http://{address[0]}/"]);
            Assert.Equal("404", fromHost.Output);
        }
        finally
        {
            File.Delete(config);
        }
    }

    [Fact]
    public async Task Without_a_bridge_containers_have_loopback_only()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var folder = Directory.CreateTempSubdirectory("berth-e2e-").FullName;
        try
        {
            var socket = Path.Combine(folder, "s");
            var daemon = System.Diagnostics.Process.Start(
                Path.Combine(Binaries.Folder, "berthd"),
                [
                    "--data-root", Path.Combine(folder, "data"), "--exec-root", Path.Combine(folder, "exec"), "--pidfile", Path.Combine(folder, "pid"),
                    "--cgroup-parent", $"/berth-none-{Environment.ProcessId}", "-b", "none", "-H", $"unix://{socket}", "--log-file", Path.Combine(folder, "log"),
                ]);
            try
            {
                var docker = new Client("docker", "docker", socket);
                await Eventually.HoldsAsync("the daemon answers", async () => (await docker.RunAsync("version")).ExitCode == 0);
                (await docker.RunAsync("import", await Busybox.TarAsync(), "busybox")).Expect(0);
                foreach (var network in (string[])["", "--network bridge ", "-p 80 "])
                {
                    var links = (await docker.RunAsync($"run --rm {network}busybox ls /sys/class/net")).Expect(0).Lines;
                    Assert.Equal(["lo"], links);
                }

                Assert.Equal(["host", "none"], (await docker.RunAsync(["network", "ls", "--format", "{{.Name}}"])).Expect(0).Lines);
            }
            finally
            {
                await Shell.RunAsync("kill", ["-TERM", $"{daemon.Id}"]);
                await daemon.WaitForExitAsync();
                daemon.Dispose();
            }
        }
        finally
        {
            await Shell.RunAsync("rm", ["-rf", folder]);
            foreach (var cgroup in Leftovers.CgroupsOf($"berth-none-{Environment.ProcessId}"))
            {
                Directory.Delete(cgroup);
            }
        }
    }

    [Theory]
    [InlineData("{\n\"userns-remap\": \"default\"\n}", "\"userns-remap\" in FILE, line 2, is refused: ")]
    [InlineData("{\n\n\"iptables\": false\n}", "\"iptables\" in FILE, line 3, is refused: ")]
    [InlineData("{\"bip\": \"nonsense\"}", "unable to configure the Berth daemon with file FILE: line 1: invalid value for bip: invalid CIDR address: nonsense")]
    [InlineData("{\"debug\": true,}", "unable to configure the Berth daemon with file FILE: line 1: invalid JSON: invalid character '}'")]
    public async Task What_cannot_be_followed_is_told_with_its_line_by_validate_too(string json, string expected)
    {
        var config = await ConfigAsync(json);
        try
        {
            foreach (var validate in (string[][])[["--validate"], []])
            {
                var result = (await Shell.RunAsync(Path.Combine(Binaries.Folder, "berthd"), ["--config-file", config, .. validate])).Expect(1);
                Assert.StartsWith(expected.Replace("FILE", config, StringComparison.Ordinal), result.Error, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(config);
        }
    }

    [Fact]
    public async Task An_ordinary_user_is_told_that_root_is_needed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var result = await Shell.RunAsync("setpriv", ["--reuid", "65534", "--clear-groups", "--inh-caps=-all", Path.Combine(Binaries.Folder, "berthd")]);
        Assert.SkipWhen(result.Error.Contains("setpriv: ", StringComparison.Ordinal), "an ordinary user cannot reach the binaries here");
        Assert.Equal((1, "berthd must be started by root: it makes namespaces, mounts, cgroups and network links for containers\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_client_that_starts_the_daemon_tells_why_it_did_not_start()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var folder = Directory.CreateTempSubdirectory("berth-e2e-").FullName;
        try
        {
            // The usual places, but in mounts of this test's own.
            Directory.CreateDirectory(Path.Combine(folder, "berth"));
            await File.WriteAllTextAsync(Path.Combine(folder, "berth", "daemon.json"), "{\n\"bip\": \"nonsense\"}");
            var result = await Shell.RunAsync(
                "unshare",
                [
                    "-m", "sh", "-c", "mount -t tmpfs none /run && mount --bind \"$1\" /etc && exec env -u DOCKER_HOST -u BERTH_HOST \"$2\" ps", "sh", folder,
                    Path.Combine(Binaries.Folder, "berth"),
                ]);
            Assert.Contains(
                "It could not be started: unable to configure the Berth daemon with file /etc/berth/daemon.json: line 2: invalid value for bip", result.Expect(1).Error,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As systemd does it: the unit says nothing of sockets, and the daemon serves the one that it was given.</summary>
    [Fact]
    public async Task A_socket_that_the_daemon_is_started_with_is_served_without_a_word()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var folder = Directory.CreateTempSubdirectory("berth-e2e-").FullName;
        try
        {
            const string Script =
                """
                import os, socket, sys
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(sys.argv[1])
                listener.listen(16)
                os.dup2(listener.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
                os.execv(sys.argv[2], sys.argv[2:])
                """;
            var socket = Path.Combine(folder, "given");
            using var daemon = System.Diagnostics.Process.Start(
                "python3",
                [
                    "-c", Script, socket, Path.Combine(Binaries.Folder, "berthd"), "--data-root", Path.Combine(folder, "data"), "--exec-root", Path.Combine(folder, "exec"),
                    "--pidfile", Path.Combine(folder, "pid"), "-b", "none", "--log-file", Path.Combine(folder, "log"),
                ]);
            try
            {
                var docker = new Client("docker", "docker", socket);
                await Eventually.HoldsAsync("the daemon answers", async () => (await docker.RunAsync("version")).ExitCode == 0);
            }
            finally
            {
                await Shell.RunAsync("kill", ["-TERM", $"{daemon.Id}"]);
                await daemon.WaitForExitAsync();
            }
        }
        finally
        {
            await Shell.RunAsync("rm", ["-rf", folder]);
        }
    }

    private static async Task<string> ConfigAsync(string json)
    {
        var path = Path.Combine(Path.GetTempPath(), $"berth-config-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, json);
        return path;
    }
}
