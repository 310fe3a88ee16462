using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Berth.Engine;

namespace Berth.Daemon.Server;

partial class ApiRequest
{
    /// <summary>RFC 6455, 1.3.</summary>
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Refuses a request that does not ask for a WebSocket.</summary>
    public void CheckWebSocket()
    {
        if (!Header("Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase) || Header("Sec-WebSocket-Version") != "13" || Key().Length == 0)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "not websocket protocol: this endpoint takes a WebSocket of version 13 only");
        }
    }

    /// <summary>Takes the connection over as a WebSocket (RFC 6455), after <see cref="CheckWebSocket"/>; as for <see cref="HijackAsync"/>, register with the output's source before.</summary>
    /// <returns>The socket, and what is cancelled when the client is gone or the daemon ends.</returns>
    public async Task<(WebSocket Socket, CancellationToken Gone)> HijackWebSocketAsync()
    {
        var (connection, gone) = await TakeOverAsync();
#pragma warning disable CA5350 // The protocol asks for SHA-1; it proves that the peer speaks it, and keeps no secret.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(Key() + AcceptSuffix)));
#pragma warning restore CA5350
        var protocol = Header("Sec-WebSocket-Protocol").Split(',')[0].Trim();
        var head = $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n"
            + (protocol.Length > 0 ? $"Sec-WebSocket-Protocol: {protocol}\r\n\r\n" : "\r\n");
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(head), gone);
        return (WebSocket.CreateFromStream(new DuplexPipeStream(connection.Transport), isServer: true, protocol.Length > 0 ? protocol : null, _keepAlive), gone);
    }

    private string Key() => Header("Sec-WebSocket-Key");
}
