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
            RefuseNulls(body.GetBuffer().AsSpan(0, (int)body.Length));
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is what the reader says of text that is no Unicode.
            var (whole, root) = JsonProblem.NamesOf(typeof(T));
            var problem = JsonProblem.Of(body.GetBuffer().AsSpan(0, (int)body.Length), e, whole, root);
            throw new EngineException(
                ErrorKind.InvalidParameter, problem == JsonProblem.MoreContent ? problem : $"invalid JSON: {problem}", e);
        }
    }

    /// <summary>
    /// Refuses null as an element of an array, which no list of ours may hold, and null characters in texts: the kernel would take
    /// such a text for another, that ends there.
    /// </summary>
    private static void RefuseNulls(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);

        // One bit for each depth; the reader allows no more than 64.
        var arrays = 0UL;
        while (reader.Read())
        {
            var bit = 1UL << reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    arrays |= bit;
                    break;
                case JsonTokenType.StartObject:
                    arrays &= ~bit;
                    break;
                case JsonTokenType.Null when reader.CurrentDepth > 0 && (arrays & (bit >> 1)) != 0:
                    throw new JsonException("null is no element of an array here");
                case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped && reader.GetString()!.Contains('\0', StringComparison.Ordinal):
                    throw new JsonException("null characters are not accepted");
            }
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
