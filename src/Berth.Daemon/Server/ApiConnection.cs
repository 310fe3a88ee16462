using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Server;

/// <summary>
/// One client's connection, standing between Kestrel's HTTP and the socket, for the two things that HTTP does not know:
/// a client that closes only its sending side (as <c>docker run -i &lt; file</c> does) must still get its answer, and attach
/// and exec take the connection over for a raw stream.
/// </summary>
sealed class ApiConnection : ConnectionContext
{
    private readonly ConnectionContext _transport;

    public ApiConnection(ConnectionContext transport)
    {
        _transport = transport;
        transport.Features.Set(this);
    }

    /// <summary>Cancelled when the client has closed its sending side, or all.</summary>
    public CancellationToken ClientClosed => _transport.ConnectionClosed;

    /// <summary>The socket beneath.</summary>
    public Socket? Socket => _transport.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>
    /// Never cancelled: Kestrel would stop writing as soon as the client has closed its sending side. A connection that is
    /// really gone fails the next write.
    /// </summary>
    public override CancellationToken ConnectionClosed { get; set; } = CancellationToken.None;

    /// <summary>The raw stream's owner has the connection: what Kestrel thinks of it no longer matters.</summary>
    public bool Hijacked { get; set; }

    public override IDuplexPipe Transport
    {
        get => _transport.Transport;
        set => _transport.Transport = value;
    }

    public override string ConnectionId
    {
        get => _transport.ConnectionId;
        set => _transport.ConnectionId = value;
    }

    public override IFeatureCollection Features => _transport.Features;

    public override IDictionary<object, object?> Items
    {
        get => _transport.Items;
        set => _transport.Items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _transport.LocalEndPoint;
        set => _transport.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _transport.RemoteEndPoint;
        set => _transport.RemoteEndPoint = value;
    }

    /// <summary>
    /// Of a hijacked connection Kestrel only forgets: the transport's own end sends what is still in its buffer first, where an
    /// abort would drop it.
    /// </summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (!Hijacked)
        {
            _transport.Abort(abortReason);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await base.DisposeAsync();
    }
}
