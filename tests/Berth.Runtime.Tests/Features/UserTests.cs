using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

public sealed class UserTests
{
    [Fact]
    public async Task User_groups_and_umask_are_those_of_the_specification()
    {
        await using var container = Container("id -u; id -g; id -G; umask", new OciUser { Uid = 1000, Gid = 1001, AdditionalGids = [5, 6], Umask = 0x17 });
        Assert.Equal("1000\n1001\n1001 5 6\n0027\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Home_comes_from_the_containers_passwd_and_else_is_the_root()
    {
        await using var known = Container("echo $HOME", new OciUser { Uid = 1000 });
        Assert.Equal("/home/worker\n", (await known.RunAsync()).Output);
        await using var unknown = Container("echo $HOME", new OciUser { Uid = 4711 });
        Assert.Equal("/\n", (await unknown.RunAsync()).Output);
    }

    [Fact]
    public async Task The_streams_belong_to_the_user()
    {
        await using var container = Container("echo again >> /dev/stdout", new OciUser { Uid = 1000 });
        Assert.Equal("again\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task The_working_directory_may_be_open_to_root_only_or_to_the_user_only()
    {
        await using var container = Container("cat inside", new OciUser { Uid = 1000 });
        await File.WriteAllTextAsync(Path.Combine(container.Files, "inside"), "seen\n", TestContext.Current.CancellationToken);
        container.WithMount("/tmp/closed", "bind", container.Files, "bind").With(s => s with { Process = s.Process! with { Cwd = "/tmp/closed", Args = ["/bin/pwd"] } });
        File.SetUnixFileMode(container.Files, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal("/tmp/closed\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task In_a_user_namespace_root_is_an_ordinary_user_of_the_host()
    {
        await using var container = Container("id -u; cat /proc/self/uid_map; exec sleep 60", new OciUser()).With(s => s with
        {
            Linux = s.Linux! with
            {
                Namespaces = [.. s.Linux.Namespaces!, new OciNamespace { Type = "user" }],
                UidMappings = [new OciIdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
                GidMappings = [new OciIdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
            },
        });
        await container.StartAsync();
        Assert.Contains("Uid:\t100000\t100000", await File.ReadAllTextAsync($"/proc/{await container.PidAsync()}/status", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("0\n         0     100000      65536\n", await File.ReadAllTextAsync(container.OutputPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("0\n", (await container.ExecAsync("id", "-u")).Output);
    }

    private static TestContainer Container(string script, OciUser user) => TestContainer.Of(script, s => s with { Process = s.Process! with { User = user } });
}
