using Berth.Api;
using Berth.Engine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Server;

/// <summary>What Kestrel calls for each request: version, route, endpoint, errors.</summary>
sealed class ApiApplication(Routes routes, Log log, Task ready, TimeSpan patience, CancellationToken stopping)
    : IHttpApplication<HttpContext>
{
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
        var request = new ApiRequest(context, ApiVersion.Newest, RouteValues.None, lifetime);
        try
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

            request = new ApiRequest(context, version, route.Values, lifetime);
            await route.Endpoint(request);
        }
        catch (EngineException e)
        {
            await ReplyErrorAsync(context, request, e.Kind, e);
        }
        catch (OperationCanceledException) when (lifetime.Aborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            context.Abort();
        }
        catch (BadHttpRequestException e)
        {
            await ReplyErrorAsync(context, request, ErrorKind.InvalidParameter, e);
        }
        catch (Exception e)
        {
            log.Error("request failed", ("method", context.Request.Method), ("path", context.Request.Path), ("error", e));
            await ReplyErrorAsync(context, request, ErrorKind.System, e);
        }
        finally
        {
            if (connection is { Hijacked: true })
            {
                // Kestrel must not answer into the raw stream; what was written to that is still delivered.
                context.Abort();
            }
        }
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers["Api-Version"] = ApiVersion.Newest.ToString();
        response.Headers["Docker-Experimental"] = "false";
        response.Headers["Ostype"] = "linux";
        response.Headers.Server = ServerName;
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

    private async Task ReplyErrorAsync(HttpContext context, ApiRequest request, ErrorKind kind, Exception error)
    {
        if (context.Response.HasStarted || context.Features.Get<ApiConnection>() is { Hijacked: true })
        {
            // Cutting the stream is the only way left to say that it is not complete.
            log.Error("request failed after its reply began", ("path", context.Request.Path), ("error", error.Message));
            context.Abort();
            return;
        }

        context.Response.Clear();
        SetHeaders(context.Response);
        if (kind == ErrorKind.NotModified)
        {
            context.Response.StatusCode = ErrorResponses.Status(kind);
            return;
        }

        try
        {
            await request.ReplyAsync(new ErrorResponse(error.Message), ErrorJson.Default.ErrorResponse, ErrorResponses.Status(kind));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}
