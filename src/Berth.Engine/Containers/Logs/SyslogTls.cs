using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Berth.Images.Registry;

namespace Berth.Engine.Containers.Logs;

/// <summary>A syslog server that is spoken to over TLS, and how the two prove themselves. All files are PEM, read at each connection.</summary>
/// <param name="Host">A name or an address; the server's certificate must be for it.</param>
/// <param name="Authority">File of the only authorities that count; null: the system's.</param>
/// <param name="Certificate">File of our own certificate, followed by those between it and its root; null: we have none.</param>
/// <param name="Key">File of its private key; null: we have none.</param>
/// <param name="SkipVerify">Whoever answers is trusted: the user's own word.</param>
internal sealed record SyslogTls(string Host, int Port, string? Authority, string? Certificate, string? Key, bool SkipVerify)
{
    private const string HostFlag = "--host";
    private const string PortFlag = "--port";
    private const string AuthorityFlag = "--ca-cert";
    private const string CertificateFlag = "--cert";
    private const string KeyFlag = "--key";
    private const string SkipVerifyFlag = "--skip-verify";

    /// <summary>A server that vanished is noticed also while nothing is sent; as Docker does it.</summary>
    private const int KeepAliveSeconds = 15;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Host and port as a user writes them.</summary>
    public string Address => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>These as command line arguments; <see cref="Parse"/> reads them.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        HostFlag, Host, PortFlag, Port.ToString(CultureInfo.InvariantCulture),
        .. Authority is null ? Array.Empty<string>() : [AuthorityFlag, Authority],
        .. Certificate is null ? Array.Empty<string>() : [CertificateFlag, Certificate],
        .. Key is null ? Array.Empty<string>() : [KeyFlag, Key],
        .. SkipVerify ? [SkipVerifyFlag] : Array.Empty<string>(),
    ];

    /// <exception cref="FormatException">They are not what <see cref="Arguments"/> gives.</exception>
    public static SyslogTls Parse(IEnumerable<string> arguments)
    {
        var server = new SyslogTls("", 0, null, null, null, SkipVerify: false);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var flag))
        {
            server = flag switch
            {
                HostFlag => server with { Host = Value() },
                PortFlag => server with { Port = int.Parse(Value(), NumberStyles.None, CultureInfo.InvariantCulture) },
                AuthorityFlag => server with { Authority = Value() },
                CertificateFlag => server with { Certificate = Value() },
                KeyFlag => server with { Key = Value() },
                SkipVerifyFlag => server with { SkipVerify = true },
                _ => throw new FormatException($"unknown argument: {flag}"),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new FormatException($"{flag} needs a value");
        }

        return server;
    }

    /// <summary>Makes a connection, up to the end of the handshake.</summary>
    /// <exception cref="IOException">None could be made; the message says why.</exception>
    public async Task<SslStream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_patience);
        try
        {
            return await ConnectAsync(Options(), timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("i/o timeout", e);
        }
        catch (Exception e) when (e is SocketException or AuthenticationException or IOException)
        {
            throw new IOException(e.GetBaseException().Message, e);
        }
    }

    private async Task<SslStream> ConnectAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket);
            await socket.ConnectAsync(Host, Port, cancellationToken);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
    }

    private SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowTlsResume = false,
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        };
        if (SkipVerify)
        {
#pragma warning disable CA5359 // Nothing is checked: the user's own word, as with Docker.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else
        {
            options.RemoteCertificateValidationCallback = static (_, _, chain, errors) => errors == SslPolicyErrors.None ? true : throw CertificateRefusal.Of(chain, errors);
            if (Authority is not null)
            {
                options.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                options.CertificateChainPolicy.CustomTrustStore.AddRange(LoadAll(Authority, "CA certificate"));
            }
        }

        if (Certificate is not null && Key is not null)
        {
            var chain = LoadAll(Certificate, "certificate");
            var own = Load(() => X509Certificate2.CreateFromPemFile(Certificate, Key), $"could not load X509 key pair \"{Certificate}\", \"{Key}\"");
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
        }

        return options;
    }

    private static X509Certificate2Collection LoadAll(string file, string what)
    {
        var failure = $"could not read {what} \"{file}\"";
        var all = Load(
            () =>
            {
                var found = new X509Certificate2Collection();
                found.ImportFromPemFile(file);
                return found;
            },
            failure);
        return all.Count > 0 ? all : throw new IOException($"{failure}: there is none in it");
    }

    private static T Load<T>(Func<T> load, string failure)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{failure}: {e.Message}");
        }
    }
}
