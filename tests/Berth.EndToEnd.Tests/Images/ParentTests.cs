using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>Images that were committed from containers of others: what is told of their parents, and what removing them takes along.</summary>
public sealed class ParentTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_committed_image_knows_its_parent(string client)
    {
        var (first, second) = await CommitTwiceAsync();
        Assert.Equal(first, await ParentAsync(client, second));
        Assert.Equal(await IdAsync("busybox"), await ParentAsync(client, first));
        Assert.Equal("", await ParentAsync(client, "busybox"));
        var history = (await Client(client).RunAsync($"history -q --no-trunc {second}")).Expect(0).Lines;
        Assert.Equal([second, first, await IdAsync("busybox")], history.Take(3));

        // One without a name that is another's parent is no image of its own.
        Assert.DoesNotContain(first, (await Client(client).RunAsync("images -q --no-trunc")).Expect(0).Lines);
        Assert.Contains(first, (await Client(client).RunAsync("images -aq --no-trunc")).Expect(0).Lines);
        Assert.DoesNotContain(first, (await Client(client).RunAsync("images -aq --no-trunc --filter dangling=true")).Expect(0).Lines);
        var listed = JsonNode.Parse(await Daemon.Http.GetStringAsync("images/json?all=1"))!.AsArray();
        Assert.Equal(first, (string?)listed.Single(i => (string)i!["Id"]! == second)!["ParentId"]);
        (await Docker.RunAsync($"rmi {second}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Removing_an_image_takes_its_nameless_parents_along(string client)
    {
        var (first, second) = await CommitTwiceAsync();
        var refused = await Client(client).RunAsync($"rmi -f {first}");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"conflict: unable to delete {first[7..19]} (cannot be forced) - image has dependent child images", refused.Error, StringComparison.Ordinal);
        var removed = (await Client(client).RunAsync($"rmi {second}")).Expect(0).Lines;
        Assert.Contains($"Deleted: {second}", removed);
        Assert.Contains($"Deleted: {first}", removed);
        Assert.DoesNotContain($"Deleted: {await IdAsync("busybox")}", removed);
        (await Docker.RunAsync($"inspect {first}")).Expect(1);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_parent_with_a_name_stays_and_without_pruning_all_do(string client)
    {
        var (first, second) = await CommitTwiceAsync();
        var name = NewName();
        (await Docker.RunAsync($"tag {first} {name}")).Expect(0);
        Assert.Equal([$"Untagged: {name}:latest"], (await Client(client).RunAsync($"rmi {name}")).Expect(0).Lines);
        Assert.Equal(first, await ParentAsync(client, second));
        (await Client(client).RunAsync($"rmi --no-prune {second}")).Expect(0);
        Assert.Equal(first, await IdAsync(first));
        (await Docker.RunAsync($"rmi {first}")).Expect(0);
    }

    [Fact]
    public async Task The_parent_is_known_after_a_crash()
    {
        await using var daemon = await Harness.Daemon.StartAsync();
        (await daemon.Docker.ScriptAsync("run --name changed busybox", "echo 1 >/1")).Expect(0);
        var child = (await daemon.Docker.RunAsync("commit changed")).Expect(0).Line;
        var parent = (await daemon.Docker.RunAsync("image", "inspect", "-f", "{{.Id}}", "busybox")).Expect(0).Line;
        await daemon.KillAsync();
        await daemon.StartProcessAsync();
        Assert.Equal(parent, (await daemon.Docker.RunAsync("image", "inspect", "-f", "{{.Parent}}", child)).Expect(0).Line);
    }

    private async Task<(string First, string Second)> CommitTwiceAsync()
    {
        var first = await CommitAsync("busybox");
        return (first, await CommitAsync(first));
    }

    private async Task<string> CommitAsync(string image)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} {image}", $"echo {name} >/{name}")).Expect(0);
        var id = (await Docker.RunAsync($"commit {name}")).Expect(0).Line;
        (await Docker.RunAsync($"rm {name}")).Expect(0);
        return id;
    }

    private Task<string> IdAsync(string image) => InspectAsync("docker", image, "{{.Id}}");

    private Task<string> ParentAsync(string client, string image) => InspectAsync(client, image, "{{.Parent}}");

    private async Task<string> InspectAsync(string client, string image, string format) =>
        (await Client(client).RunAsync("image", "inspect", "-f", format, image)).Expect(0).Line;
}
