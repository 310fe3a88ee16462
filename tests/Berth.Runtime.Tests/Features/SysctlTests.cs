using System.Diagnostics;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

/// <summary>Kernel parameters are set in the container's own namespaces, and nowhere else. The values are the host's, so that a fault does no harm.</summary>
public sealed class SysctlTests
{
    [Theory]
    [InlineData("ipc", "kernel.shm_rmid_forced", "sysctl \"kernel.shm_rmid_forced\" is not allowed in the hosts ipc namespace")]
    [InlineData("ipc", "kernel/msgmax", "sysctl \"kernel.msgmax\" is not allowed in the hosts ipc namespace")]
    [InlineData("ipc", "fs.mqueue.msg_max", "sysctl \"fs.mqueue.msg_max\" is not allowed in the hosts ipc namespace")]
    [InlineData("network", "net.core.somaxconn", "sysctl \"net.core.somaxconn\" not allowed in host network namespace")]
    [InlineData("uts", "kernel.domainname", "sysctl \"kernel.domainname\" is not in a separate kernel namespace")]
    public async Task One_of_a_namespace_that_is_the_hosts_is_refused(string type, string name, string words)
    {
        var file = type == "network" ? "net" : type;
        foreach (var path in (string?[])[null, $"/proc/self/ns/{file}", $"/proc/{Environment.ProcessId}/ns/{file}"])
        {
            var rest = Others(type);
            await using var container = Of(name, path is null ? rest : [.. rest, new OciNamespace { Type = type, Path = path }]);
            var result = await container.RunAsync();
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(words, result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("vm.swappiness")]
    [InlineData("kernel.panic")]
    [InlineData("vm/swappiness")]
    public async Task One_of_no_namespace_is_refused(string name)
    {
        await using var container = Of(name, [.. Others("none")]);
        Assert.Contains("is not in a separate kernel namespace", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_a_joined_namespace_that_is_not_the_hosts_is_set_there()
    {
        using var holder = Process.Start(new ProcessStartInfo("unshare", ["--ipc", "sh", "-c", "echo ready; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            await using var container = TestContainer.Of("cat /proc/sys/kernel/msgmax").With(s => s with
            {
                Linux = s.Linux! with
                {
                    Namespaces = [.. Others("ipc"), new OciNamespace { Type = "ipc", Path = $"/proc/{holder.Id}/ns/ipc" }],
                    Sysctl = new Dictionary<string, string> { ["kernel.msgmax"] = "4711" },
                },
            });
            Assert.Equal(new Result(0, "4711\n", ""), await container.RunAsync());
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static OciNamespace[] Others(string type) =>
        [.. new[] { "pid", "mount", "network", "uts", "ipc", "cgroup" }.Where(t => t != type).Select(t => new OciNamespace { Type = t })];

    private static TestContainer Of(string name, OciNamespace[] namespaces)
    {
        var value = File.ReadAllText($"/proc/sys/{name.Replace('.', '/')}").Trim();
        return TestContainer.Of("echo ran").With(s => s with
        {
            Hostname = namespaces.Any(n => n is { Type: "uts", Path: null }) ? s.Hostname : null,
            Linux = s.Linux! with { Namespaces = namespaces, Sysctl = new Dictionary<string, string> { [name] = value } },
        });
    }
}
