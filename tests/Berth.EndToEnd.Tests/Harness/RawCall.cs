using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>One call of the engine's API whose connection the test reads and writes byte by byte, after the head of the answer.</summary>
public sealed class RawCall : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private NetworkStream? _stream;

    private RawCall()
    {
    }

    /// <summary>The answer's status line and headers.</summary>
    public string Head { get; private set; } = "";

    private NetworkStream Stream => _stream!;

    /// <param name="daemon">Whom to call.</param>
    /// <param name="call">Method and path.</param>
    /// <param name="json">The body; empty: none.</param>
    /// <param name="upgrade">Ask for the connection, as the docker command line does.</param>
    /// <param name="chunked">Send the body in chunks of three characters.</param>
    /// <param name="headers">Further ones, each with its line end.</param>
    public static async Task<RawCall> SendAsync(
        Daemon daemon, string call, string json = "", bool upgrade = false, bool chunked = false, string headers = "")
    {
        var raw = new RawCall();
        await raw._socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        raw._stream = new NetworkStream(raw._socket);
        var length = chunked ? "Transfer-Encoding: chunked" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(json)}");
        var body = json.Length == 0 ? "" : $"Content-Type: application/json\r\n{length}\r\n";
        var asked = upgrade ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : "";
        var content = chunked ? string.Concat(json.Chunk(3).Select(c => $"{c.Length:x}\r\n{new string(c)}\r\n")) + "0\r\n\r\n" : json;
        await raw.WriteAsync($"{call} HTTP/1.1\r\nHost: x\r\n{asked}{headers}{body}\r\n{content}");
        using var limit = new CancellationTokenSource(Shell.Limit);
        raw.Head = await HttpHead.ReadAsync(raw.Stream, limit.Token) ?? throw new IOException("the connection ended before the answer");
        return raw;
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public Task WriteAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask().WaitAsync(Shell.Limit);

    /// <summary>Closes this side of the connection, and goes on reading.</summary>
    public void EndInput() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>One frame of a stream that is not a terminal's, as its letter (i, o or e) and its content; null at the end.</summary>
    public async Task<string?> ReadFrameAsync()
    {
        var header = new byte[8];
        var count = await Stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Shell.Limit);
        if (count == 0)
        {
            return null;
        }

        Assert.Equal(header.Length, count);
        return "ioe"[header[0]] + Encoding.UTF8.GetString(await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))));
    }

    /// <summary>Exactly so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Shell.Limit);
        return bytes;
    }

    /// <summary>One chunk of a chunked answer; empty at the end.</summary>
    public async Task<string> ReadChunkAsync()
    {
        var size = new StringBuilder();
        while (!size.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            size.Append((char)(await ReadAsync(1))[0]);
        }

        var content = await ReadAsync(int.Parse(size.ToString().AsSpan(0, size.Length - 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        await ReadAsync(2);
        return Encoding.UTF8.GetString(content);
    }

    /// <summary>All that comes until the engine closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var rest = new MemoryStream();
        await Stream.CopyToAsync(rest).WaitAsync(Shell.Limit);
        return Encoding.Latin1.GetString(rest.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket.Dispose();
    }
}
