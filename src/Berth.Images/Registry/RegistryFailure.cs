using System.Net;
using System.Net.Sockets;

namespace Berth.Images.Registry;

/// <summary>Which failures of a connection may pass, and what people are told of them.</summary>
internal static class RegistryFailure
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromSeconds(30);

    // Nobody waits longer for a pull: then the answer is the failure.
    private static readonly TimeSpan _askedPauseMax = TimeSpan.FromMinutes(2);

    /// <summary>The innermost reason, in the words that Go programs use for it: clients look for some of them.</summary>
    public static string Text(Exception error)
    {
        var reason = error;
        while (reason.InnerException is { } inner && reason is not TimeoutException)
        {
            reason = inner;
        }

        return reason is not SocketException socket ? reason.Message : socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connect: connection refused",
            SocketError.HostNotFound or SocketError.NoData => "no such host",
            SocketError.TryAgain => "server misbehaving",
            SocketError.TimedOut => "i/o timeout",
            SocketError.NetworkUnreachable => "connect: network is unreachable",
            SocketError.HostUnreachable => "connect: no route to host",
            SocketError.ConnectionReset => "connection reset by peer",
            _ => socket.Message,
        };
    }

    private static bool IsTemporary(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    public static bool IsBroken(Exception error) => error is HttpRequestException or IOException or TimeoutException;

    /// <summary>How long the server asks to wait.</summary>
    public static TimeSpan? AskedPause(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;

    /// <summary>Whether it makes sense to try once more: the failure may pass, and the server does not ask for more patience than there is.</summary>
    public static bool MayPass(HttpStatusCode status, TimeSpan? asked) => IsTemporary(status) && !(asked > _askedPauseMax);

    /// <summary>How long to wait before the next attempt: as long as the server asks, else longer each time.</summary>
    /// <param name="attempt">1 after the first one.</param>
    public static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        if (asked is { } wish)
        {
            return wish < TimeSpan.Zero ? TimeSpan.Zero : wish;
        }

        // Not all clients of a registry that comes back should come at the same moment.
        var pause = _firstPause * Math.Pow(2, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
        return pause < _pauseMax ? pause : _pauseMax;
    }
}
