using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A syslog server over TLS that keeps what it gets, connection after connection.</summary>
public sealed class TlsSyslogServer : TestServer
{
    private readonly X509Certificate2 _certificate;
    private readonly Task _reading;
    private readonly MemoryStream _received = new();

    /// <param name="authority">Whose certificate it shows.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="reading">Nothing is read before it is done.</param>
    public TlsSyslogServer(TestAuthority authority, int port = 0, Task? reading = null)
        : base(IPAddress.Loopback, port)
    {
        _certificate = X509Certificate2.CreateFromPemFile(authority.CertificateFile, authority.KeyFile);
        _reading = reading ?? Task.CompletedTask;
        Start();
    }

    /// <summary>Only clients that have this subject are let in; null: all are.</summary>
    public string? Client { get; init; }

    public byte[] Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToArray();
            }
        }
    }

    /// <summary>What was received, where each message is a line.</summary>
    public IReadOnlyList<string> Lines => Encoding.UTF8.GetString(Received).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate.Dispose();
    }

    protected override async Task ServeAsync(TcpClient client)
    {
        await using var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = Client is not null,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => Client is null || certificate?.Subject == Client,
            },
            End);
        await _reading.WaitAsync(End);
        var buffer = new byte[64 * 1024];
        while (await secure.ReadAsync(buffer, End) is > 0 and var count)
        {
            lock (_received)
            {
                _received.Write(buffer, 0, count);
            }
        }
    }
}
