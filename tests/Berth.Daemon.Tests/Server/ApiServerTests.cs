using Berth.Api;
using Berth.Engine;

namespace Berth.Daemon.Tests.Server;

public sealed class ApiServerTests
{
    [Theory]
    [InlineData("/ok", "200 1.51")]
    [InlineData("/v1.51/ok", "200 1.51")]
    [InlineData("/v1.24/ok", "200 1.24")]
    [InlineData("/v1.23/ok", """400 {"message":"client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"}""")]
    [InlineData("/v1.99/ok", """400 {"message":"client version 1.99 is too new. Maximum supported API version is 1.51"}""")]
    [InlineData("/v1/ok", """404 {"message":"page not found"}""")]
    [InlineData("/v1.51", """404 {"message":"page not found"}""")]
    [InlineData("/v1.51/nosuch", """404 {"message":"page not found"}""")]
    [InlineData("/", """404 {"message":"page not found"}""")]
    public async Task A_path_may_name_a_version(string path, string expected)
    {
        await using var server = await RunningServer.StartAsync(routes => routes.Get("/ok", r => r.ReplyTextAsync(r.Version.ToString())));

        Assert.Equal(expected, await server.GetAsync(path));
    }

    [Theory]
    [InlineData(ErrorKind.NotFound, 404)]
    [InlineData(ErrorKind.InvalidParameter, 400)]
    [InlineData(ErrorKind.Conflict, 409)]
    [InlineData(ErrorKind.Unauthorized, 401)]
    [InlineData(ErrorKind.Forbidden, 403)]
    [InlineData(ErrorKind.Unavailable, 503)]
    [InlineData(ErrorKind.NotImplemented, 501)]
    [InlineData(ErrorKind.System, 500)]
    public async Task An_engines_error_becomes_a_status_with_its_message(ErrorKind kind, int status)
    {
        await using var server = await RunningServer.StartAsync(
            routes => routes.Get("/fail", _ => throw new EngineException(kind, "No such \"thing\": <x>")));

        Assert.Equal($$"""{{status}} {"message":"No such \"thing\": <x>"}""", await server.GetAsync("/fail"));
    }

    [Fact]
    public async Task Not_modified_has_no_body()
    {
        await using var server = await RunningServer.StartAsync(
            routes => routes.Get("/same", _ => throw new EngineException(ErrorKind.NotModified, "already started")));

        Assert.Equal("304 ", await server.GetAsync("/same"));
    }

    [Fact]
    public async Task A_bug_is_a_500_and_a_line_in_the_log()
    {
        await using var server = await RunningServer.StartAsync(
            routes => routes.Get("/bug", _ => throw new InvalidOperationException("what nobody\nexpected")));

        Assert.Equal("""500 {"message":"what nobody\nexpected"}""", await server.GetAsync("/bug"));
        Assert.Contains("level=error msg=\"request failed\" method=\"GET\" path=\"/bug\" error=\"System.InvalidOperationException: what nobody\\n", server.LogText.ToString());
    }

    [Theory]
    [InlineData("""{"message":"hi"}""", "application/json", "200 hi")]
    [InlineData("""{"message":"hi"}""", "application/json; charset=utf-8", "200 hi")]
    [InlineData(null, null, "200 nothing")]
    [InlineData("{}", null, """400 {"message":"malformed Content-Type header (): mime: no media type"}""")]
    [InlineData("{}", "text/plain", """400 {"message":"unsupported Content-Type header (text/plain): must be 'application/json'"}""")]
    [InlineData("{", "application/json", """400 {"message":"invalid JSON: """)]
    [InlineData("{} {}", "application/json", """400 {"message":"unexpected content after JSON"}""")]
    public async Task A_body_must_be_JSON_and_say_so(string? body, string? contentType, string expected)
    {
        await using var server = await RunningServer.StartAsync(routes => routes.Post("/read", async r =>
            await r.ReplyTextAsync((await r.ReadJsonAsync(ErrorJson.Default.ErrorResponse))?.Message ?? "nothing")));

        Assert.StartsWith(expected, await server.PostAsync("/read", body, contentType));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?x=", false)]
    [InlineData("?x=0", false)]
    [InlineData("?x=False", false)]
    [InlineData("?x=no", false)]
    [InlineData("?x=none", false)]
    [InlineData("?x=1", true)]
    [InlineData("?x=true", true)]
    [InlineData("?x=anything", true)]
    public async Task Truth_is_Dockers(string query, bool expected)
    {
        await using var server = await RunningServer.StartAsync(routes => routes.Get("/q", r => r.ReplyTextAsync($"{r.QueryFlag("x")}")));

        Assert.Equal($"200 {expected}", await server.GetAsync("/q" + query));
    }

    [Theory]
    [InlineData("1136073845.000000001", "2006-01-01T00:04:05.0000000+00:00")]
    [InlineData("1136073845.5", "2006-01-01T00:04:05.5000000+00:00")]
    [InlineData("1136073845", "2006-01-01T00:04:05.0000000+00:00")]
    public async Task Times_are_seconds_with_a_fraction(string text, string expected)
    {
        await using var server = await RunningServer.StartAsync(routes => routes.Get("/t", r => r.ReplyTextAsync($"{r.QueryTime("t"):O}")));

        Assert.Equal("200 " + expected, await server.GetAsync("/t?t=" + text));
    }

    [Fact]
    public async Task Names_keep_their_slashes_escaped_or_not()
    {
        await using var server = await RunningServer.StartAsync(
            routes => routes.Get("/images/{name...}/json", r => r.ReplyTextAsync(r.Path("name"))));

        Assert.Equal("200 a/b/c:d", await server.GetAsync("/v1.44/images/a%2Fb/c:d/json"));
    }

    [Fact]
    public async Task Requests_wait_until_the_engine_is_ready()
    {
        var ready = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(routes => routes.Get("/ok", r => r.ReplyTextAsync("OK")), ready.Task);

        var answer = server.GetAsync("/ok");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        ready.SetResult();

        Assert.Equal("200 OK", await answer);
    }

    [Fact]
    public async Task The_end_lets_a_request_finish_and_cuts_a_stream()
    {
        var entered = new CountdownEvent(2);
        var finish = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(routes =>
        {
            routes.Get("/work", async r =>
            {
                entered.Signal();
                await finish.Task.WaitAsync(r.Aborted);
                await r.ReplyTextAsync("done");
            });
            routes.Get("/stream", async r =>
            {
                await r.ReplyJsonStreamAsync();
                entered.Signal();
                await Task.Delay(Timeout.Infinite, r.Aborted);
            });
        });
        var work = server.GetAsync("/work");
        var stream = server.GetAsync("/stream");
        await Task.Run(() => entered.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        var stop = server.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => stream);
        Assert.False(work.IsCompleted);
        finish.SetResult();

        Assert.Equal("200 done", await work);
        await stop;
    }

    [Fact]
    public async Task An_endpoint_learns_that_its_client_is_gone()
    {
        var gone = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(routes => routes.Get("/wait", async r =>
        {
            await r.ReplyJsonStreamAsync();
            using var registration = r.Aborted.Register(gone.SetResult);
            await gone.Task;
        }));
        using (var socket = await server.ConnectAsync(TestContext.Current.CancellationToken))
        {
            await socket.SendAsync("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await socket.ReceiveAsync(new byte[100]);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
