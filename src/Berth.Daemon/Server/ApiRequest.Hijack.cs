using System.Text;
using Berth.Engine;

namespace Berth.Daemon.Server;

partial class ApiRequest
{
    /// <summary>The content type of a raw stream without a terminal: frames that tell output from error output.</summary>
    public string MultiplexedStreamType => Version < new ApiVersion(1, 42) ? RawStreamType : "application/vnd.docker.multiplexed-stream";

    /// <summary>The content type of a terminal's stream.</summary>
    public static string RawStreamType => "application/vnd.docker.raw-stream";

    /// <summary>
    /// Takes the connection over: answers 101 to a client that asked for an upgrade, otherwise 200, and hands out the raw stream
    /// that follows on the same connection. A body that the endpoint has not read is dropped. Register with the output's source before:
    /// the client may take the answer as word that nothing from here on is lost. The connection ends with the endpoint.
    /// </summary>
    public async Task<HijackedConnection> HijackAsync(string contentType)
    {
        var (connection, gone) = await TakeOverAsync();
        var upgrade = Header("Upgrade") is { Length: > 0 } protocol
            ? $"101 UPGRADED\r\nContent-Type: {contentType}\r\nConnection: Upgrade\r\nUpgrade: {protocol}"
            : $"200 OK\r\nContent-Type: {contentType}";
        var head = $"HTTP/1.1 {upgrade}\r\nApi-Version: {ApiVersion.Newest}\r\n\r\n";
        var output = connection.Transport.Output;
        await output.WriteAsync(Encoding.ASCII.GetBytes(head), gone);
        return new HijackedConnection(connection.Transport.Input, output, gone);
    }

    private async Task<(ApiConnection Connection, CancellationToken Gone)> TakeOverAsync()
    {
        var connection = http.Features.Get<ApiConnection>()
            ?? throw new EngineException(ErrorKind.System, "this connection cannot be taken over");

        // What is left of it would be the first that the process gets as its input.
        await DropBodyAsync();
        connection.Hijacked = true;
        return (connection, lifetime.BecomeHijacked(connection));
    }

    /// <summary>Reads the body to its end: some clients send their options as JSON where none is asked for.</summary>
    private async Task DropBodyAsync()
    {
        if (!HasBody)
        {
            return;
        }

        var left = JsonLimit;
        var buffer = new byte[8192];
        for (int count; (count = await http.Request.Body.ReadAsync(buffer, Aborted)) > 0;)
        {
            left -= count;
            if (left < 0)
            {
                throw new EngineException(ErrorKind.InvalidParameter, "request body too large");
            }
        }
    }
}
