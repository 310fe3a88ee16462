using Berth.Engine;

namespace Berth.Daemon.Server;

/// <summary>What a client is told of a failure: the one place that knows statuses of errors.</summary>
static class ErrorResponses
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
}
