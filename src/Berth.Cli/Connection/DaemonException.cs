using System.Net;

namespace Berth.Cli.Connection;

/// <summary>The daemon answered with an error.</summary>
sealed class DaemonException(HttpStatusCode status, string message) : CommandException($"Error response from daemon: {message}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The daemon's own words.</summary>
    public string Reason { get; } = message;
}

/// <summary>No daemon could be reached.</summary>
sealed class ConnectionException(string message) : CommandException(message);
