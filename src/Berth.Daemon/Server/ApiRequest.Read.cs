using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Engine;
using Microsoft.Net.Http.Headers;

namespace Berth.Daemon.Server;

partial class ApiRequest
{
    /// <summary>More than any configuration needs; a client must not fill the daemon's memory.</summary>
    private const int JsonLimit = 8 << 20;

    /// <summary>The body as it comes, without any limit of size or speed: archives.</summary>
    public Stream Body => http.Request.Body;

    /// <summary>The same as a pipe, which spares a copy of each byte.</summary>
    public PipeReader BodyReader => http.Request.BodyReader;

    /// <summary>False where the client said that it sends none.</summary>
    public bool HasBody => http.Request.ContentLength is not (null or 0) || http.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>
    /// Reads a JSON body; null where there is none. The names of its properties are compared without regard to case, as Go does,
    /// if the context of <paramref name="type"/> says so (PropertyNameCaseInsensitive).
    /// </summary>
    public async Task<T?> ReadJsonAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        CheckContentType();
        if (!HasBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        for (int n; (n = await http.Request.Body.ReadAsync(buffer, Aborted)) > 0;)
        {
            if (body.Length + n > JsonLimit)
            {
                throw new EngineException(ErrorKind.InvalidParameter, "request body too large");
            }

            body.Write(buffer, 0, n);
        }

        if (body.Length == 0)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "invalid JSON: got EOF while reading request body");
        }

        try
        {
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type);
        }
        catch (JsonException e)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"invalid JSON: {e.Message}", e);
        }
    }

    private void CheckContentType()
    {
        var text = Header("Content-Type");
        if (text.Length == 0 && !HasBody)
        {
            return;
        }

        if (!MediaTypeHeaderValue.TryParse(text, out var parsed))
        {
            var reason = text.Length == 0 ? "mime: no media type" : "mime: invalid media parameter";
            throw new EngineException(ErrorKind.InvalidParameter, $"malformed Content-Type header ({text}): {reason}");
        }

        if (!parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException(
                ErrorKind.InvalidParameter,
                $"unsupported Content-Type header ({text}): must be 'application/json'");
        }
    }
}
