using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>What a <see cref="RawServer"/> sends: a head as it stands here, and a body that need not fit it.</summary>
/// <param name="Head">Without the empty line at its end.</param>
public sealed record RawAnswer(string Head, byte[] Body)
{
    /// <summary>The body is sent again and again until the other side has enough.</summary>
    public bool Endless { get; init; }

    public static RawAnswer Content(byte[] content, string mediaType = "application/octet-stream", string headers = "") =>
        new($"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\nContent-Length: {content.Length}\r\n{headers}Connection: close", content);

    public static RawAnswer Content(string content, string mediaType = "application/json", string headers = "") =>
        Content(Encoding.UTF8.GetBytes(content), mediaType, headers);

    public static RawAnswer Status(string status, params string[] headers) =>
        new($"HTTP/1.1 {string.Join("\r\n", [status, .. headers])}\r\nContent-Length: 0\r\nConnection: close", []);

    /// <summary>A body without a length that does not end.</summary>
    public static RawAnswer WithoutEnd(string mediaType, byte[] body) =>
        new($"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\nConnection: close", body) { Endless = true };
}

/// <summary>A server that answers each request with what a test says, byte for byte, and notes the heads of the requests.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _requests = [];
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="tls">Whose certificate it shows; null: it speaks plain HTTP.</param>
    public RawServer(Func<string, RawAnswer> answer, string address = "127.0.0.1", TestAuthority? tls = null)
    {
        Answer = answer;
        _listener = new TcpListener(IPAddress.Parse(address), 0);
        using var pem = tls is null ? null : X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        _certificate = pem is null ? null : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Host => _listener.LocalEndpoint.ToString()!;

    /// <summary>Decides by the request's head.</summary>
    public Func<string, RawAnswer> Answer { get; set; }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _certificate?.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // One request for each connection: the end of the answer is the end of the connection.
    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    stream = secure;
                }

                await using (stream)
                {
                    await AnswerAsync(stream);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException
                or System.Security.Authentication.AuthenticationException)
            {
                // The other side left, or does not speak TLS.
            }
        }
    }

    private async Task AnswerAsync(Stream client)
    {
        if (await HttpHead.ReadAsync(client, _end.Token) is not { } head)
        {
            return;
        }

        lock (_requests)
        {
            _requests.Add(head);
        }

        var answer = Answer(head);
        await client.WriteAsync(Encoding.Latin1.GetBytes(answer.Head + "\r\n\r\n"), _end.Token);
        do
        {
            await client.WriteAsync(answer.Body, _end.Token);
        }
        while (answer.Endless);
        await client.FlushAsync(_end.Token);
    }
}
