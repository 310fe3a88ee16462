using Berth.Engine;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Server;

/// <summary>What Kestrel calls for each request: version, route, endpoint, errors.</summary>
sealed class ApiApplication(Routes routes, Log log, Task ready, Func<TimeSpan> patience, CancellationToken stopping)
    : IHttpApplication<HttpContext>
{
    private readonly ErrorResponses _errors = new(log);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        SetHeaders(context.Response);
        var connection = context.Features.Get<ApiConnection>();
        using var lifetime = new RequestLifetime(
            patience, context.RequestAborted, connection?.ClientClosed ?? CancellationToken.None, stopping);
        await _errors.AnswerAsync(context, lifetime, () => AnswerAsync(context, lifetime));
        if (connection is { Hijacked: true })
        {
            // Kestrel must not answer into the raw stream, nor wait for another request behind it: a client that has not closed
            // its own side waits for us to end. What was written is still delivered.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            context.Abort();
        }
    }

    /// <summary>On every reply, also on failures.</summary>
    public static void SetHeaders(HttpResponse response)
    {
        response.Headers["Api-Version"] = ApiVersion.Newest.ToString();
        response.Headers["Docker-Experimental"] = "false";
        response.Headers["Ostype"] = "linux";
        response.Headers.Server = ServerName;
    }

    private async Task AnswerAsync(HttpContext context, RequestLifetime lifetime)
    {
        var path = DecodedPath(context.Request);
        var version = ReadVersion(ref path);
        if (routes.Find(context.Request.Method, path) is not { } route)
        {
            throw new EngineException(ErrorKind.NotFound, "page not found");
        }

        log.Debug("request", ("method", context.Request.Method), ("path", path));
        if (!ready.IsCompletedSuccessfully)
        {
            await ready.WaitAsync(lifetime.Aborted);
        }

        await route.Endpoint(new ApiRequest(context, version, route.Values, lifetime));
    }

    private static string ServerName { get; } = $"Berth/{BuildFacts.Version} (linux)";

    /// <summary>Kestrel leaves %2F as it is; Docker's router does not tell it from a slash.</summary>
    private static string DecodedPath(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        return path.Contains('%', StringComparison.Ordinal) ? path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : path;
    }

    /// <summary>Takes the version prefix off the path, as of /v1.43/info. Paths without one speak the newest version.</summary>
    private static ApiVersion ReadVersion(ref string path)
    {
        if (path is not ['/', 'v', >= '0' and <= '9', ..])
        {
            return ApiVersion.Newest;
        }

        var end = path.IndexOf('/', 1);
        if (end < 0 || !ApiVersion.TryParse(path.AsSpan(2, end - 2), out var version))
        {
            throw new EngineException(ErrorKind.NotFound, "page not found");
        }

        if (version < ApiVersion.Oldest)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter,
                $"client version {version} is too old. Minimum supported API version is {ApiVersion.Oldest}, "
                + "please upgrade your client to a newer version");
        }

        if (version > ApiVersion.Newest)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter,
                $"client version {version} is too new. Maximum supported API version is {ApiVersion.Newest}");
        }

        path = path[end..];
        return version;
    }
}
