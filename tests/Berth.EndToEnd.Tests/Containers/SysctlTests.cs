using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>A container's kernel parameters are those of its own namespaces. The values are the host's, so that a fault does no harm.</summary>
public sealed class SysctlTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task One_of_a_namespace_shared_with_the_host_is_refused(string client)
    {
        foreach (var (mode, name, words) in ((string, string, string)[])
            [
                ("--ipc", "kernel.shm_rmid_forced", "sysctl \"kernel.shm_rmid_forced\" is not allowed in the hosts ipc namespace"),
                ("--ipc", "fs.mqueue.msg_max", "sysctl \"fs.mqueue.msg_max\" is not allowed in the hosts ipc namespace"),
                ("--network", "net.core.somaxconn", "sysctl \"net.core.somaxconn\" not allowed in host network namespace"),
            ])
        {
            var (direct, second) = (NewName(), NewName());
            await RunSleeperAsync($"{mode} host", direct);
            await RunSleeperAsync($"{mode} container:{direct}", second);
            foreach (var value in (string[])["host", $"container:{direct}", $"container:{second}"])
            {
                var run = await Client(client).RunAsync($"run --name {NewName()} {mode} {value} --sysctl {name}={Now(name)} busybox true");
                Assert.Contains(words, run.Expect(125).Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task One_of_no_namespace_is_refused_at_create()
    {
        var api = new EngineApi(Daemon.Http);
        foreach (var name in (string[])["vm.swappiness", "vm/swappiness", "kernel.panic"])
        {
            var answer = await api.PostAsync("v1.51/containers/create", new JsonObject
            {
                ["Image"] = "busybox",
                ["Cmd"] = new JsonArray("true"),
                ["HostConfig"] = new JsonObject { ["Privileged"] = true, ["Sysctls"] = new JsonObject { [name] = Now(name) } },
            });
            Assert.Contains("is not in a separate kernel namespace", answer.Expect(400).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task One_of_another_containers_namespace_is_set_there(string client)
    {
        var other = await RunSleeperAsync("--ipc shareable");
        var run = await Client(client).RunAsync(
            $"run --rm --network container:{other} --ipc container:{other} --sysctl net.core.somaxconn=1234 --sysctl kernel.msgmax=4711 busybox true");
        run.Expect(0);
        Assert.Equal(["1234", "4711"], (await Docker.RunAsync($"exec {other} cat /proc/sys/net/core/somaxconn /proc/sys/kernel/msgmax")).Expect(0).Lines);
    }

    private static string Now(string name) => File.ReadAllText($"/proc/sys/{name.Replace('.', '/')}").Trim();
}
