using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>
/// Each verb of the API beside the end of its container (issue 9): it answers as Docker does where it comes before or after the end,
/// and leaves a container that ended and can be removed.
/// </summary>
public sealed partial class EndRaceTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const int Rounds = 200;
    private const int AtOnce = 4;

    private EngineApi Api => new(Daemon.Http);

    public static TheoryData<string, string, string> Verbs => new()
    {
        { "commit", "POST commit?container={0}&changes=LABEL%20race=1", "201" },
        { "commit without a pause", "POST commit?container={0}&changes=LABEL%20race=1&pause=0", "201" },
        { "update", "POST containers/{0}/update", "200" },
        { "pause", "POST containers/{0}/pause", "204 409" },
        { "kill", "POST containers/{0}/kill?signal=HUP", "204 409" },
        { "stop", "POST containers/{0}/stop?t=5", "204 304" },
        { "restart", "POST containers/{0}/restart?t=5", "204" },
        { "start", "POST containers/{0}/start", "204 304" },
        { "rename", "POST containers/{0}/rename?name={0}x", "204" },
        { "resize", "POST containers/{0}/resize?h=20&w=30", "200 409" },
        { "wait", "POST containers/{0}/wait", "200" },
        { "exec create", "POST containers/{0}/exec", "201 409" },
        { "top", "GET containers/{0}/top", "200 409" },
        { "stats", "GET containers/{0}/stats?stream=0&one-shot=1", "200" },
        { "logs", "GET containers/{0}/logs?stdout=1", "200" },
        { "changes", "GET containers/{0}/changes", "200" },
        { "export", "GET containers/{0}/export", "200" },
        { "archive", "GET containers/{0}/archive?path=/etc", "200" },
        { "put archive", "PUT containers/{0}/archive?path=/tmp", "200" },
        { "inspect", "GET containers/{0}/json?size=1", "200" },
        { "remove", "DELETE containers/{0}", "204 409" },
        { "remove by force", "DELETE containers/{0}?force=1", "204" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_beside_the_end_answers_as_before_it_or_after_it(string verb, string call, string statuses)
    {
        var allowed = statuses.Split(' ').Select(int.Parse).ToArray();
        var answers = new int[600];
        await RaceAsync(async (id, round) =>
        {
            var answer = await CallAsync(string.Format(null, call, id), verb);
            Assert.True(allowed.Contains(answer.Status), $"{verb}, round {round}: {answer.Status} {answer.Text}");
            Interlocked.Increment(ref answers[answer.Status]);
            if (answer.Status == 409)
            {
                Assert.Matches(Refusals(), (string)answer.Json["message"]!);
            }

            if (answer.Status == 201 && verb.StartsWith("commit", StringComparison.Ordinal))
            {
                await Api.DeleteAsync($"images/{(string)answer.Json["Id"]!}").ContinueWith(d => d.Result.Expect(200));
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", answers.Index().Where(a => a.Item > 0).Select(a => $"{a.Index}: {a.Item}")));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("run")]
    public async Task An_exec_beside_the_end_runs_or_says_why_not(string how)
    {
        Assert.SkipWhen(Daemon.IsDockerd && how == "run", "Docker has no such request");
        const string Command = """{"AttachStdout":true,"AttachStderr":true,"Cmd":["sh","-c","echo started; exec sleep 1000"]}""";
        await RaceAsync(async (id, round) =>
        {
            var (path, body) = ($"/containers/{id}/exec/run", Command);
            if (how == "start")
            {
                var made = (await Api.PostAsync($"containers/{id}/exec", JsonNode.Parse(Command))).Expect(201, 409);
                if (made.Status == 409)
                {
                    Assert.Matches(Refusals(), (string)made.Json["message"]!);
                    return;
                }

                (path, body) = ($"/exec/{(string)made.Json["Id"]!}/start", "{}");
            }

            await using var exec = await RawCall.SendAsync(Daemon, $"POST {path}", body, upgrade: true);
            if (!exec.Head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            {
                Assert.Matches("^HTTP/1.1 (404|409) ", exec.Head);
                return;
            }

            var told = await exec.ReadToEndAsync();
            var killed = how == "start"
                ? (await Api.GetAsync(path[1..].Replace("/start", "/json", StringComparison.Ordinal))) is { Status: 200 } inspect && (int?)inspect.Json["ExitCode"] == 137
                : told.EndsWith((char)137);
            Assert.True(
                killed || told.Contains("started", StringComparison.Ordinal) || told.Contains("is not running", StringComparison.Ordinal),
                $"round {round}: {told}");
        });
    }

    [Fact]
    public async Task An_attach_beside_the_end_ends()
    {
        await RaceAsync(async (id, _) =>
        {
            await using var attach = await RawCall.SendAsync(Daemon, $"POST /containers/{id}/attach?stream=1&stdout=1&logs=1", upgrade: true);
            Assert.Matches("^HTTP/1.1 (101|409) ", attach.Head);

            // Where it came after the end it waits for the next start, which a removal takes away.
            var reading = attach.ReadToEndAsync();
            if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(50))) != reading)
            {
                await Eventually.HoldsAsync("it has ended", async () => (string?)(await Api.GetAsync($"containers/{id}/json")).Json["State"]!["Status"] == "exited");
                (await Api.DeleteAsync($"containers/{id}")).Expect(204);
            }

            await reading;
        });
    }

    [GeneratedRegex("^((cannot kill container: [0-9a-f]{64}: )?container [0-9a-f]{64} is not running"
        + "|(cannot remove container \"/[^\"]+\": )?container is running: stop the container before removing or force remove)$", RegexOptions.IgnoreCase)]
    private static partial Regex Refusals();

    /// <summary>Ends a container from outside at about the time at which the race uses it, over and over; what is left of it must be removable.</summary>
    private async Task RaceAsync(Func<string, int, Task> race)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (round, cancellation) =>
        {
            var made = await Api.PostAsync("containers/create", JsonNode.Parse("""
                {"Image":"busybox","Cmd":["sleep","1000"],"Tty":true,"HostConfig":{"NetworkMode":"none"}}
                """));
            var id = (string)made.Expect(201).Json["Id"]!;
            (await Api.PostAsync($"containers/{id}/start")).Expect(204);
            var pid = (int)(await Api.GetAsync($"containers/{id}/json")).Expect(200).Json["State"]!["Pid"]!;
            try
            {
                using var process = Process.GetProcessById(pid);
                var (early, late) = round % 2 == 0 ? (0, round % 16 / 2) : (round % 16 / 2, 0);
                var ending = EndAsync(process, early, cancellation);
                await Task.Delay(late, cancellation);
                await race(id, round);
                await ending;
                await CheckEndAsync(id);
            }
            finally
            {
                await Api.DeleteAsync($"containers/{id}?force=1");
            }
        });
        Assert.Equal("", (await Docker.RunAsync("images -q -f label=race=1")).Expect(0).Output);
    }

    private static async Task EndAsync(Process process, int milliseconds, CancellationToken cancellation)
    {
        await Task.Delay(milliseconds, cancellation);
        process.Kill();
    }

    /// <summary>The container ended, or runs again; and it says the same of itself in every way.</summary>
    private async Task CheckEndAsync(string id)
    {
        JsonNode? state = null;
        await Eventually.HoldsAsync("it has ended or runs anew", async () =>
        {
            var inspect = await Api.GetAsync($"containers/{id}/json");
            state = inspect.Status == 404 ? null : inspect.Json["State"]!;
            return state is null || (string?)state["Status"] == "exited" || ((string?)state["Status"] == "running" && Directory.Exists($"/proc/{(int)state["Pid"]!}"));
        });
        if (state is not null && (string?)state["Status"] == "exited")
        {
            Assert.Equal((false, false, 0), ((bool)state["Running"]!, (bool)state["Paused"]!, (int)state["Pid"]!));
        }
    }

    private async Task<ApiAnswer> CallAsync(string call, string verb)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        switch (method)
        {
            case "GET":
                return await Api.GetAsync(path);
            case "DELETE":
                return await Api.DeleteAsync(path);
            case "PUT":
                using (var answer = await Daemon.Http.PutAsync(path, new ByteArrayContent(new byte[1024])))
                {
                    return new ApiAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
                }

            default:
                return await Api.PostAsync(path, verb switch
                {
                    "update" => JsonNode.Parse("""{"CpuShares":512,"PidsLimit":100}"""),
                    "exec create" => JsonNode.Parse("""{"Cmd":["true"]}"""),
                    _ => null,
                });
        }
    }
}
