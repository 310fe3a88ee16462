using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class AttachTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task An_attach_before_the_start_misses_no_byte()
    {
        for (var i = 0; i < 20; i++)
        {
            var name = NewName();
            (await Docker.RunAsync($"create --name {name} busybox echo first")).Expect(0);
            Assert.Equal("first\n", (await Docker.RunAsync($"start -a {name}")).Expect(0).Output);
        }
    }

    [Fact]
    public async Task Two_clients_see_the_same_output()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"create --name {name} busybox", "for i in 1 2 3; do echo $i; sleep 1; done")).Expect(0);
        var first = Docker.RunAsync($"start -a {name}");
        await Eventually.HoldsAsync("it runs", async () => (string?)(await InspectAsync(name))["State"]!["Status"] != "created");
        var second = await Docker.RunAsync($"attach {name}");
        Assert.Equal("1\n2\n3\n", (await first).Expect(0).Output);
        Assert.EndsWith("3\n", second.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_for_removal_answers_its_headers_at_once()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --rm --name {name} busybox sleep 0.2")).Expect(0);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"containers/{name}/wait?condition=removed");
        using var answer = await Daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)answer.StatusCode);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        Assert.Contains("\"StatusCode\":0", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
