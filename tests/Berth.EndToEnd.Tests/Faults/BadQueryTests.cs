using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>Bad query parameters and names in paths.</summary>
public sealed class BadQueryTests(SharedDaemon shared) : BadInput(shared)
{
    [Fact]
    public async Task Queries_and_paths()
    {
        var name = await RunSleeperAsync();
        (HttpMethod Method, string Target)[] targets =
        [
            (HttpMethod.Post, "containers/create?name={}"), (HttpMethod.Get, "containers/json?limit={}"), (HttpMethod.Get, "containers/json?filters={}"),
            (HttpMethod.Get, "containers/json?size={}"), (HttpMethod.Get, "containers/{}/json"), (HttpMethod.Post, "containers/{}/start"), (HttpMethod.Delete, "containers/{}"),
            (HttpMethod.Delete, "containers/{}?link=1"), (HttpMethod.Get, $"containers/{name}/logs?stdout=1&tail={{}}"), (HttpMethod.Get, $"containers/{name}/logs?stdout=1&since={{}}"),
            (HttpMethod.Get, $"containers/{name}/logs?stdout=1&until={{}}"), (HttpMethod.Post, $"containers/{name}/kill?signal=X{{}}"), (HttpMethod.Post, $"containers/{name}/resize?h={{}}&w=1"),
            (HttpMethod.Post, $"containers/{name}/resize?h=1&w={{}}"), (HttpMethod.Post, $"containers/{name}/rename?name={{}}"), (HttpMethod.Post, $"containers/{name}/attach?detachKeys={{}}"),
            (HttpMethod.Get, $"containers/{name}/attach/ws?detachKeys={{}}"), (HttpMethod.Post, "containers/nosuch/stop?t={}"), (HttpMethod.Post, "containers/nosuch/wait?condition={}"),
            (HttpMethod.Get, $"containers/{name}/top?ps_args={{}}"), (HttpMethod.Get, $"containers/{name}/archive?path={{}}"), (HttpMethod.Head, $"containers/{name}/archive?path={{}}"),
            (HttpMethod.Post, "containers/prune?filters={}"), (HttpMethod.Get, "exec/{}/json"), (HttpMethod.Post, "exec/{}/resize?h=1&w=1"), (HttpMethod.Get, "images/json?filters={}"),
            (HttpMethod.Get, "images/{}/json"), (HttpMethod.Get, "images/{}/history"), (HttpMethod.Delete, "images/{}"), (HttpMethod.Post, "images/busybox/tag?repo={}"), (HttpMethod.Post, "images/busybox/tag?repo=x&tag={}"),
            (HttpMethod.Get, "networks?filters={}"), (HttpMethod.Get, "networks/{}"), (HttpMethod.Delete, "networks/{}"),
            (HttpMethod.Get, "volumes?filters={}"), (HttpMethod.Get, "volumes/{}"), (HttpMethod.Delete, "volumes/{}"), (HttpMethod.Get, "events?until=1&since={}"),
            (HttpMethod.Get, "events?since=1&until=2&filters={}"), (HttpMethod.Get, "v{}/info"), (HttpMethod.Get, "{}"), (HttpMethod.Get, "system/df?type={}"), (HttpMethod.Get, $"containers/{name}/stats?stream=0&one-shot={{}}"),
        ];
        var before = HostFiles();
        foreach (var (method, target) in targets)
        {
            foreach (var text in Texts)
            {
                var path = target.Replace("{}", Uri.EscapeDataString(text.Replace("\ud83d\ude00", "😀", StringComparison.Ordinal)), StringComparison.Ordinal);
                var body = target.StartsWith("containers/create", StringComparison.Ordinal) ? "{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}"u8.ToArray() : null;
                if (await SendAsync(method, path, body, "application/json") is { } made && made["Id"] is { } id && method == HttpMethod.Post)
                {
                    await SendAsync(HttpMethod.Delete, $"containers/{id}?force=1", null, "");
                }

                if (target.EndsWith("rename?name={}", StringComparison.Ordinal))
                {
                    await SendAsync(HttpMethod.Post, $"containers/{Uri.EscapeDataString(text)}/rename?name={name}", null, "");
                }
            }
        }

        Assert.Equal(before, HostFiles());
        Assert.Equal("true", (await Docker.RunAsync($"inspect -f {{{{.State.Running}}}} {name}")).Line);
    }

    [Fact]
    public async Task Queries_of_what_changes_something()
    {
        var (idle, other) = (NewName(), await RunSleeperAsync("--init"));
        (await Docker.RunAsync($"create --name {idle} busybox true")).Expect(0);
        var archive = new byte[1024];
        (HttpMethod Method, string Target, byte[]? Body)[] targets =
        [
            .. ((string[])[
                $"containers/{idle}/stop?t={{}}", $"containers/{idle}/stop?signal={{}}", $"containers/{idle}/wait?condition={{}}", $"containers/{idle}/attach?logs={{}}",
                $"containers/{other}/restart?t={{}}", $"containers/{other}/restart?t=0&signal={{}}", $"containers/{other}/kill?signal={{}}", $"containers/{other}/resize?h={{}}&w={{}}",
                $"commit?container={idle}&repo={{}}", $"commit?container={idle}&repo=fuzzed&tag={{}}", $"commit?container={idle}&changes={{}}", $"commit?container={idle}&pause={{}}",
                $"commit?container={idle}&author={{}}&comment={{}}", "commit?container={}", "images/create?fromImage=BAD{}", "images/create?fromImage=BAD&tag={}", "images/create?fromImage=BAD&platform={}",
                "images/localhost:1/nosuch/push?tag={}", "images/localhost:1/nosuch/push?platform={}", "images/{}/tag?repo=x{}", "images/prune?filters={}", "volumes/prune?filters={}",
                "networks/prune?filters={}", "build/prune?filters={}", "containers/create?platform=x/{}", "swarm/leave?force={}",
            ]).Select(target => (HttpMethod.Post, target, target.Contains("/create?", StringComparison.Ordinal) || target.StartsWith("commit", StringComparison.Ordinal) ? "{\"Image\":\"busybox\"}"u8.ToArray() : null)),
            .. ((string[])["repo={}", "repo=fuzzed&tag={}", "changes={}", "changes=ENV%20{}", "changes=CMD%20{}", "changes=EXPOSE%20{}", "changes=HEALTHCHECK%20{}", "message={}", "platform={}"])
                .Select(query => (HttpMethod.Post, $"images/create?fromSrc=-&{query}", (byte[]?)archive)),
            (HttpMethod.Post, "images/create?fromSrc=ftp://{}", null), (HttpMethod.Post, "images/load?quiet={}&platform={}", archive),
            (HttpMethod.Put, $"containers/{idle}/archive?path={{}}", archive), (HttpMethod.Put, $"containers/{idle}/archive?path=/tmp&noOverwriteDirNonDir={{}}&copyUIDGID={{}}", archive),
            (HttpMethod.Put, $"containers/{other}/archive?path={{}}", new byte[] { 1, 2, 3 }), (HttpMethod.Put, "containers/{}/archive?path=/tmp", archive),
            (HttpMethod.Get, "images/get?names={}", null), (HttpMethod.Get, "images/{}/get", null), (HttpMethod.Get, "images/search?term=x&limit=x{}", null), (HttpMethod.Get, "images/search?term=X&filters=[{}", null),
            (HttpMethod.Get, "distribution/BAD{}/json", null), (HttpMethod.Get, "events?since=99999999999&until=0{}", null), (HttpMethod.Get, "networks/bridge?verbose={}&scope={}", null),
            (HttpMethod.Get, $"containers/{idle}/stats?stream=0&one-shot={{}}", null), (HttpMethod.Get, $"containers/{idle}/json?size={{}}", null), (HttpMethod.Get, $"images/{{}}/json?manifests={{}}", null),
            (HttpMethod.Get, $"containers/{idle}/logs?stdout={{}}&stderr={{}}&timestamps={{}}&details={{}}", null), (HttpMethod.Delete, "images/nosuch?force={}&noprune={}", null),
        ];
        var before = HostFiles();
        foreach (var (method, target, body) in targets)
        {
            foreach (var text in Texts)
            {
                await RemoveAsync(await SendAsync(method, target.Replace("{}", Uri.EscapeDataString(text), StringComparison.Ordinal), body, "application/json"));
            }
        }

        Assert.Equal(before, HostFiles());
    }

    [Fact]
    public async Task Names_in_every_path()
    {
        (HttpMethod Method, string[] Targets)[] calls =
        [
            (HttpMethod.Get, ["json", "logs?stdout=1", "top", "changes", "export", "stats?stream=0", "archive?path=/", "attach/ws"]),
            (HttpMethod.Post, ["start", "stop", "restart", "kill", "pause", "unpause", "rename?name=x", "wait", "resize?h=1&w=1", "attach", "update", "exec"]),
        ];
        foreach (var text in Texts)
        {
            foreach (var (method, target) in calls.SelectMany(call => call.Targets.Select(target => (call.Method, target))))
            {
                await SendAsync(method, $"containers/{Uri.EscapeDataString(text)}/{target}", method == HttpMethod.Post ? "{}"u8.ToArray() : null, "application/json");
            }

            await SendAsync(HttpMethod.Post, $"exec/{Uri.EscapeDataString(text)}/start", "{}"u8.ToArray(), "application/json");
        }
    }

    /// <summary>What a call made in spite of its parameters.</summary>
    private async Task RemoveAsync(JsonObject? made)
    {
        var id = (string?)made?["Id"] ?? ((string?)made?["status"] is ['s', 'h', 'a', ..] status ? status : null);
        if (id is not null)
        {
            await SendAsync(HttpMethod.Delete, id.StartsWith("sha256:", StringComparison.Ordinal) ? $"images/{id}?force=1" : $"containers/{id}?force=1", null, "");
        }
    }
}
