using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

public sealed class NamespaceTests
{
    [Fact]
    public async Task A_container_joins_the_namespaces_of_another_by_path()
    {
        await using var first = TestContainer.Of("exec sleep 60");
        await first.StartAsync();
        var pid = await first.PidAsync();
        string[] joined = ["network", "ipc", "uts", "pid"];
        await using var second = TestContainer.Of("hostname; for n in net ipc uts pid; do readlink /proc/self/ns/$n; done").With(s => s with
        {
            Hostname = null,
            Linux = s.Linux! with
            {
                Namespaces = [.. s.Linux.Namespaces!.Select(n => joined.Contains(n.Type) ? n with { Path = $"/proc/{pid}/ns/{(n.Type == "network" ? "net" : n.Type)}" } : n)],
            },
        });
        var links = new[] { "net", "ipc", "uts", "pid" }.Select(n => new FileInfo($"/proc/{pid}/ns/{n}").LinkTarget);
        Assert.Equal(new Result(0, $"test-host\n{string.Join('\n', links)}\n", ""), await second.RunAsync());
    }

    [Fact]
    public async Task A_namespace_path_that_is_not_there_is_named()
    {
        await using var container = TestContainer.Of("true", s => s with
        {
            Linux = s.Linux! with { Namespaces = [new OciNamespace { Type = "mount" }, new OciNamespace { Type = "network", Path = "/nosuch/ns" }] },
            Hostname = null,
        });
        Assert.Contains("joining network namespace /nosuch/ns", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostname_without_a_namespace_for_it_is_refused()
    {
        await using var container = TestContainer.Of("true", s => s with { Linux = s.Linux! with { Namespaces = [new OciNamespace { Type = "mount" }] } });
        Assert.Contains("unable to set hostname without a private UTS namespace", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }
}
