using Berth.Api;
using Berth.Engine;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Server;

/// <summary>What a client is told of a failure: the endpoint error layer, and the one place that knows statuses of errors.</summary>
sealed class ErrorResponses(Log log)
{
    public static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => 404,
        ErrorKind.InvalidParameter => 400,
        ErrorKind.Conflict => 409,
        ErrorKind.NotModified => 304,
        ErrorKind.Unauthorized => 401,
        ErrorKind.Forbidden => 403,
        ErrorKind.Unavailable => 503,
        ErrorKind.NotImplemented => 501,
        _ => 500,
    };

    /// <summary>Answers a request by an endpoint or, where that fails, with the failure.</summary>
    public async Task AnswerAsync(HttpContext http, RequestLifetime lifetime, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (EngineException e)
        {
            await ReplyAsync(http, lifetime, e.Kind, e);
        }
        catch (OperationCanceledException) when (lifetime.Aborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            http.Abort();
        }
        catch (BadHttpRequestException e)
        {
            await ReplyAsync(http, lifetime, ErrorKind.InvalidParameter, e);
        }
        catch (Exception e)
        {
            log.Error("request failed", ("method", http.Request.Method), ("path", http.Request.Path), ("error", e));
            await ReplyAsync(http, lifetime, ErrorKind.System, e);
        }
    }

    private async Task ReplyAsync(HttpContext http, RequestLifetime lifetime, ErrorKind kind, Exception error)
    {
        if (http.Response.HasStarted || http.Features.Get<ApiConnection>() is { Hijacked: true })
        {
            // Cutting the stream is the only way left to say that it is not complete.
            log.Error("request failed after its reply began", ("path", http.Request.Path), ("error", error.Message));
            http.Abort();
            return;
        }

        http.Response.Clear();
        ApiApplication.SetHeaders(http.Response);
        if (kind == ErrorKind.NotModified)
        {
            http.Response.StatusCode = Status(kind);
            return;
        }

        try
        {
            await new ApiRequest(http, ApiVersion.Newest, RouteValues.None, lifetime)
                .ReplyAsync(new ErrorResponse(FailureText.Of(error)), ErrorJson.Default.ErrorResponse, Status(kind));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            http.Abort();
        }
    }
}
