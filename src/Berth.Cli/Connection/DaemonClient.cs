using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Api;
using Berth.Linux;

namespace Berth.Cli.Connection;

/// <summary>The Engine API, as far as every command needs it: requests, errors, versions, hijacked connections.</summary>
sealed class DaemonClient(DaemonAddress address, TimeProvider time) : IDisposable
{
    /// <summary>The newest API that this program speaks; requests name it, and an older daemon says what it speaks.</summary>
    public const string NewestVersion = "1.51";

    private const string TooNew = "is too new. Maximum supported API version is ";

    private readonly Stack<HttpConnection> _idle = new();

    public DaemonAddress Address { get; } = address;

    /// <summary>Headers that the user wants each request to have.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The version that requests name.</summary>
    public string Version { get; set; } = Environment.GetEnvironmentVariable("DOCKER_API_VERSION") is { Length: > 0 } pinned ? pinned : NewestVersion;

    /// <summary>Sends a request and returns the answer's head; an error answer is thrown.</summary>
    public HttpResponse Send(HttpRequest request)
    {
        if (request.Streams)
        {
            AgreeOnVersion();
        }

        var response = Answer(request);
        if (response.Succeeded)
        {
            return response;
        }

        var error = Error(response, request);
        var told = error.Reason.IndexOf(TooNew, StringComparison.Ordinal);
        if (response.Status != HttpStatusCode.BadRequest || told < 0 || request.Streams)
        {
            throw error;
        }

        Version = error.Reason[(told + TooNew.Length)..];
        response = Answer(request);
        return response.Succeeded ? response : throw Error(response, request);
    }

    public HttpResponse Get(string target) => Send(new HttpRequest("GET", target));

    public HttpResponse Post(string target) => Send(new HttpRequest("POST", target));

    public HttpResponse Post<T>(string target, T body, JsonTypeInfo<T> type) => Post(target, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <param name="json">The body.</param>
    public HttpResponse Post(string target, byte[] json) => Send(new HttpRequest("POST", target) { Body = json, ContentType = "application/json" });

    /// <summary>Sends a request whose answer says nothing but that it was done.</summary>
    public void Do(string method, string target)
    {
        using var response = Send(new HttpRequest(method, target));
        Finish(response);
    }

    public T Get<T>(string target, JsonTypeInfo<T> type) => Read(Get(target), type);

    public T Read<T>(HttpResponse response, JsonTypeInfo<T> type)
    {
        using (response)
        {
            return JsonSerializer.Deserialize(Finish(response), type) ?? throw new ConnectionException("the daemon's answer is empty");
        }
    }

    /// <summary>Reads a small answer without the serializer.</summary>
    public ReplyObject ReadObject(HttpResponse response)
    {
        using (response)
        {
            return ReplyObject.Parse(Finish(response));
        }
    }

    /// <summary>An answer as it is, with members that this program does not know.</summary>
    public byte[] GetBytes(string target)
    {
        using var response = Get(target);
        return Finish(response);
    }

    /// <summary>Reads the rest of an answer and keeps its connection for the next request.</summary>
    public byte[] Finish(HttpResponse response)
    {
        var body = response.ReadAll();
        Keep(response);
        return body;
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }

    /// <summary>Sends a request and does not wait for its answer: several can be under way at once.</summary>
    public PendingResponse Begin(HttpRequest request)
    {
        var versioned = request with
        {
            Target = $"/v{Version}{request.Target}",
            Headers = Headers.Count == 0 ? request.Headers : [.. Headers, .. request.Headers],
        };
        while (true)
        {
            var reused = _idle.TryPop(out var connection);
            connection ??= Connect();
            try
            {
                connection.Send(versioned);
                return new PendingResponse(this, connection, request, reused);
            }
            catch (IOException) when (reused)
            {
                connection.Dispose(); // the daemon closed it while it was idle
            }
        }
    }

    /// <summary>What the daemon says is wrong.</summary>
    public DaemonException Error(HttpResponse response, HttpRequest request)
    {
        var body = Finish(response);
        var message = "";
        try
        {
            message = JsonSerializer.Deserialize(body, ErrorJson.Default.ErrorResponse)?.Message;
        }
        catch (JsonException)
        {
            message = System.Text.Encoding.UTF8.GetString(body).Trim();
        }

        return new DaemonException(response.Status, string.IsNullOrEmpty(message)
            ? $"request returned {(int)response.Status} {response.Reason} for API route and version {Address.Text}/v{Version}{request.Target}, check if the server supports the requested API version"
            : message);
    }

    private HttpResponse Answer(HttpRequest request) => Begin(request).Await();

    private void Keep(HttpResponse response)
    {
        if (response.Reusable)
        {
            _idle.Push(response.Connection);
        }
    }

    private HttpConnection Connect()
    {
        try
        {
            return HttpConnection.Open(Address);
        }
        catch (LinuxException refused) when (refused.Errno == Errno.EACCES)
        {
            throw new ConnectionException($"permission denied while trying to connect to the Berth daemon socket at {Address.Text}");
        }
        catch (LinuxException) when (Address.IsDefault)
        {
            return new DaemonLauncher(Address, time).Launch();
        }
        catch (Exception refused) when (refused is SocketException or LinuxException)
        {
            throw new ConnectionException($"Cannot connect to the Berth daemon at {Address.Text}. Is the berth daemon running?");
        }
    }

    private void AgreeOnVersion()
    {
        using var response = Answer(new HttpRequest("HEAD", "/_ping"));
        if (response.Header("Api-Version") is { } spoken && System.Version.TryParse(spoken, out var theirs)
            && System.Version.TryParse(Version, out var ours) && theirs < ours)
        {
            Version = spoken;
        }

        Keep(response);
    }
}
