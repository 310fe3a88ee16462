using System.Text.Json;

namespace Berth.Runtime.Tests.Commands;

public sealed class ListTests
{
    [Fact]
    public async Task List_shows_what_is_there_as_table_json_and_ids()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        async Task<string> ListAsync(params string[] options) => (await RuntimeBinary.RunAsync("", ["--root", container.StateRoot, "list", .. options])).Output;
        Assert.Equal($"{container.Id}\n", await ListAsync("-q"));
        Assert.Matches($@"^ID +PID +STATUS +BUNDLE +CREATED\n{container.Id} +[0-9]+ +running +{container.BundlePath} ", await ListAsync());
        var listed = Assert.Single(JsonDocument.Parse(await ListAsync("--format", "json")).RootElement.EnumerateArray());
        Assert.Equal("running", listed.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Ps_lists_the_host_pids_of_the_containers_processes()
    {
        await using var container = TestContainer.Of("exec sleep 60");
        await container.StartAsync();
        Assert.Equal($"[{await container.PidAsync()}]\n", (await container.CommandAsync("ps", "--format", "json")).Output);
        Assert.Contains("sleep 60", (await container.CommandAsync("ps")).Output, StringComparison.Ordinal);
    }
}
