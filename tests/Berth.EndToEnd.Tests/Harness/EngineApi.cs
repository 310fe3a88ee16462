using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>The connection broke before an answer was complete, or nobody listened.</summary>
public sealed class ConnectionLostException(Exception inner) : Exception(inner.Message, inner);

/// <summary>What the engine answered.</summary>
public sealed record ApiAnswer(int Status, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Fails the test unless the status is one of these.</summary>
    public ApiAnswer Expect(params ReadOnlySpan<int> statuses)
    {
        Assert.True(statuses.Contains(Status), $"status {Status}: {Text}");
        return this;
    }
}

/// <summary>The engine's API without a command line before it: for tests that make thousands of calls.</summary>
public sealed class EngineApi(HttpClient http)
{
    /// <summary>The longest that any call of a test may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>What a multiplexed stream carries: output and errors in the order of their frames.</summary>
    public static string Demultiplex(ReadOnlySpan<byte> stream)
    {
        const int HeaderSize = 8;
        var text = new MemoryStream();
        while (stream.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(stream[4..]);
            Assert.True(length <= stream.Length - HeaderSize, "the stream ends within a frame");
            text.Write(stream.Slice(HeaderSize, length));
            stream = stream[(HeaderSize + length)..];
        }

        Assert.True(stream.IsEmpty, "the stream ends within a header");
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <exception cref="ConnectionLostException">There is no complete answer.</exception>
    /// <exception cref="TimeoutException">There is none in time.</exception>
    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };

        // On a connection that was kept the base library makes a call again by itself where the daemon is killed before it answers:
        // what starts a container would be done twice.
        request.Headers.ConnectionClose = true;
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new ApiAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new ConnectionLostException(e);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{method} {path} was not answered in time", e);
        }
    }
}
