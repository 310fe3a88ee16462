using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Text;
using Berth.Linux;
using Berth.Linux.Sockets;

namespace Berth.Cli.Connection;

/// <summary>One HTTP/1.1 connection to the daemon, used with blocking calls from one thread at a time, but for a body that is answered while it is sent.</summary>
/// <remarks>Why not HttpClient: docs/decisions/http-client.md.</remarks>
sealed class HttpConnection : IDisposable
{
    private const int LongestHead = 64 * 1024;

    private readonly Stream _stream;
    private readonly Action _closeWrite;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(16 * 1024);
    private int _start;
    private int _end;
    private volatile ExceptionDispatchInfo? _sendFailure;

    private HttpConnection(Stream stream, Action closeWrite) => (_stream, _closeWrite) = (stream, closeWrite);

    /// <exception cref="LinuxException">Nobody listens there.</exception>
    /// <exception cref="SocketException">The same, of an address in the network.</exception>
    public static HttpConnection Open(DaemonAddress address)
    {
        if (address.SocketPath is { } path)
        {
            var unix = UnixStream.Connect(path);
            return new HttpConnection(unix, unix.ShutdownWrite);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(address.Network!);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (address.Tls is not { } tls)
            {
                return new HttpConnection(plain, () => socket.Shutdown(SocketShutdown.Send));
            }

            var encrypted = tls.Authenticate(plain, address.Network!);
            return new HttpConnection(encrypted, () => encrypted.ShutdownAsync().Wait());
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The body has not been read to its end: the connection cannot take another request.</summary>
    public bool Busy { get; set; }

    /// <summary>Some of the answer to the last request has come.</summary>
    public bool Answered { get; private set; }

    public void Send(HttpRequest request)
    {
        var head = new StringBuilder(256)
            .Append(request.Method).Append(' ').Append(request.Target).Append(" HTTP/1.1\r\nHost: berth\r\nUser-Agent: Berth-Client/0.1.0 (linux)\r\n");
        if (request.Upgrade)
        {
            head.Append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
        }

        if (request.ContentType is { } type)
        {
            head.Append("Content-Type: ").Append(type).Append("\r\n");
        }

        foreach (var (name, value) in request.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (request.Streams)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (request.Body.Length > 0 || request.Method == "POST")
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {request.Body.Length}\r\n");
        }

        Busy = true;
        Answered = false;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(head.Length) + 2 + request.Body.Length];
        var length = Encoding.UTF8.GetBytes(head.Append("\r\n").ToString(), bytes);
        request.Body.Span.CopyTo(bytes.AsSpan(length));
        _stream.Write(bytes.AsSpan(0, length + request.Body.Length));
        if (!request.Streams)
        {
            return;
        }

        var produce = request.Produce ?? request.Source!.CopyTo;
        if (request.IsAnsweredMeanwhile)
        {
            Task.Factory.StartNew(() => SendChunksBeside(produce), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        else
        {
            SendChunks(produce);
        }
    }

    public HttpResponse ReadResponse(string method)
    {
        while (true)
        {
            var response = HttpResponse.Parse(ReadHead(), this, method);
            if (response.Status is HttpStatusCode.SwitchingProtocols || (int)response.Status >= 200)
            {
                return response;
            }
        }
    }

    /// <summary>Bytes of a body or a hijacked stream; 0 at its end.</summary>
    public int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            return _stream.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>Tells the daemon that no more comes, and goes on reading.</summary>
    public void CloseWrite() => _closeWrite();

    /// <summary>One line of a chunked body's framing, without its end.</summary>
    public string ReadLine()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            Fill();
        }

        var line = Encoding.ASCII.GetString(_buffer, _start, length);
        _start += length + 2;
        return line;
    }

    public void Dispose() => _stream.Dispose();

    private string ReadHead()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Fill();
        }

        var head = Encoding.Latin1.GetString(_buffer, _start, length);
        _start += length + 4;
        return head;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= LongestHead)
            {
                throw new ConnectionException("the daemon's answer is not HTTP");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = _stream.Read(_buffer.AsSpan(_end));
        if (count == 0)
        {
            _sendFailure?.Throw();
            throw new EndOfStreamException();
        }

        _end += count;
        Answered = true;
    }

    // What goes wrong with the body's source is thrown to the reader, once the daemon has seen that no more comes.
    private void SendChunksBeside(Action<Stream> produce)
    {
        try
        {
            SendChunks(produce);
        }
        catch (Exception e) when (e is IOException or LinuxException)
        {
            _sendFailure = ExceptionDispatchInfo.Capture(e);
            CloseWrite();
        }
    }

    private void SendChunks(Action<Stream> produce)
    {
        try
        {
            using var body = new ChunkedOutput(_stream);
            produce(body);
            body.End();
        }
        catch (IOException e) when (e.InnerException is SocketException or LinuxException)
        {
            // The daemon refused before it had read everything: its answer says why.
        }
    }
}
