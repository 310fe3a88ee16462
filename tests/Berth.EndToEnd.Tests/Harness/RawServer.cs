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
public sealed class RawServer : TestServer
{
    private readonly X509Certificate2? _certificate;

    /// <param name="tls">Whose certificate it shows; null: it speaks plain HTTP.</param>
    public RawServer(Func<string, RawAnswer> answer, string address = "127.0.0.1", TestAuthority? tls = null)
        : base(IPAddress.Parse(address))
    {
        Answer = answer;
        using var pem = tls is null ? null : X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        _certificate = pem is null ? null : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        Start();
    }

    /// <summary>Decides by the request's head.</summary>
    public Func<string, RawAnswer> Answer { get; set; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate?.Dispose();
    }

    protected override async Task ServeAsync(TcpClient client)
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

    private async Task AnswerAsync(Stream client)
    {
        if (await HttpHead.ReadAsync(client, End) is not { } head)
        {
            return;
        }

        Note(head);
        var answer = Answer(head);
        await client.WriteAsync(Encoding.Latin1.GetBytes(answer.Head + "\r\n\r\n"), End);
        do
        {
            await client.WriteAsync(answer.Body, End);
        }
        while (answer.Endless);
        await client.FlushAsync(End);
    }
}
