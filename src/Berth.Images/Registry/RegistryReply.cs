using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Oci;

namespace Berth.Images.Registry;

/// <summary>Reads the answers of registries, which may lie about everything: each with a limit of size and of silence.</summary>
internal static class RegistryReply
{
    /// <summary>Manifests and configurations; registries take none that are larger.</summary>
    public const int DocumentSizeMax = 4 << 20;

    private const int TokenSizeMax = 1 << 20;
    private const int ErrorSizeMax = 64 << 10;

    // What a registry says of a failure is shown to people.
    private const int TextMax = 1000;

    // A document that is small may come slowly, not for ever: it has so many times the limit of silence.
    private const int DocumentPatience = 10;

    private const string Denied = "denied: requested access to the resource is denied";

    /// <exception cref="RegistryException">It is longer than that.</exception>
    public static Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, TimeSpan silenceMax, CancellationToken cancellationToken) =>
        Within(silenceMax * DocumentPatience, token => ReadBodyAsync(response, limit, silenceMax, token), cancellationToken);

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, int limit, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 << 10];
        while (true)
        {
            var count = await Within(silenceMax, token => stream.ReadAsync(buffer, token).AsTask(), cancellationToken);
            if (count == 0)
            {
                return body.ToArray();
            }

            if (body.Length + count > limit)
            {
                throw new RegistryException($"{response.RequestMessage?.RequestUri}: the answer is longer than {limit} bytes");
            }

            body.Write(buffer, 0, count);
        }
    }

    /// <summary>A document of the registry's own: a list of tags, a token.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, TimeSpan silenceMax, CancellationToken cancellationToken)
        where T : class
    {
        var body = await ReadAsync(response, TokenSizeMax, silenceMax, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{response.RequestMessage?.RequestUri}: the answer is not what it should be: {JsonFault.Describe(e)}", cause: e);
        }
    }

    /// <summary>What an answer that is no success means, in Docker's words.</summary>
    public static async Task<RegistryException> FailureAsync(HttpResponseMessage response, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        // RFC 6750, 3.1: the token is good, and not good enough.
        if (response.Headers.WwwAuthenticate.SelectMany(h => AuthChallenge.Parse(h.ToString())).Any(c => c.Parameter("error") == "insufficient_scope"))
        {
            return new RegistryException(Denied, "DENIED", response.StatusCode);
        }

        RegistryErrorList? list = null;
        try
        {
            list = JsonSerializer.Deserialize(
                await ReadAsync(response, ErrorSizeMax, silenceMax, cancellationToken), RegistryJson.Default.RegistryErrorList);
        }
        catch (Exception e) when (e is JsonException or RegistryException or IOException or HttpRequestException or TimeoutException)
        {
            // The status alone must do.
        }

        if (list?.Errors?.FirstOrDefault(e => !string.IsNullOrEmpty(e?.Code)) is { Code: { } code } error)
        {
            return new RegistryException(Printable($"{code.ToLowerInvariant().Replace('_', ' ')}: {error.Message}"), code, response.StatusCode);
        }

        return new RegistryException(
            (int)response.StatusCode switch
            {
                401 => "unauthorized: " + (list?.Details is { Length: > 0 } details ? Printable(details) : "authentication required"),
                403 => Denied,
                var status => $"received unexpected HTTP status: {status} {Printable(response.ReasonPhrase ?? "")}",
            },
            (int)response.StatusCode switch
            {
                401 => "UNAUTHORIZED",
                403 => "DENIED",
                _ => null,
            },
            response.StatusCode);
    }

    // The text ends up on somebody's terminal, which obeys control characters.
    private static string Printable(string text) =>
        string.Concat(text.Take(TextMax).Select(c => char.IsControl(c) ? ' ' : c)) + (text.Length > TextMax ? "..." : "");

    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static async Task<T> Within<T>(TimeSpan limit, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        try
        {
            return await action(timer.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"no answer for {limit.TotalSeconds} s"), e);
        }
    }
}
