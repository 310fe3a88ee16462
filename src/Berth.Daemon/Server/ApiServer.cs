using Berth.Daemon.Life;
using Berth.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Daemon.Server;

/// <summary>
/// Kestrel without the host around it: no services, no configuration, no middleware. That is most of a cold start and of the
/// memory of an ASP.NET program, and nothing here would use it.
/// </summary>
sealed class ApiServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly ApiApplication _application;

    /// <param name="routes">The endpoints.</param>
    /// <param name="log">Where failures of the server itself go.</param>
    /// <param name="ready">Requests wait for this.</param>
    /// <param name="sockets">Where to listen; the server closes them.</param>
    /// <param name="patience">How long requests are waited for at the end.</param>
    /// <param name="stopping">The daemon ends.</param>
    public ApiServer(
        Routes routes, Log log, Task ready, IReadOnlyList<ListenSocket> sockets, Func<TimeSpan> patience, CancellationToken stopping)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // Images and archives have any size, and a slow client (a paused pager behind logs -f) is no attack: the socket's
        // permissions or its client certificate have let it in.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
        foreach (var socket in sockets)
        {
            options.Listen(socket.Socket.LocalEndPoint!, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (socket.Tls is { } files)
                {
                    var tls = new TlsServer(files, log);
                    listen.Use(next => connection => tls.ServeAsync(connection, next));
                }

                listen.Use(next => connection => next(new ApiConnection(connection)));
            });
        }

        _kestrel = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), new SocketTransport(sockets), NullLoggerFactory.Instance);
        _application = new ApiApplication(routes, log, ready, patience, stopping);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync<HttpContext>(_application, cancellationToken);

    /// <summary>Stops listening and waits for the requests that are under way; ends them when the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _kestrel.Dispose();
        return ValueTask.CompletedTask;
    }
}
