using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Berth.Daemon.Life;
using Berth.Engine;
using Microsoft.AspNetCore.Connections;

namespace Berth.Daemon.Server;

/// <summary>
/// TLS on a TCP address: the daemon's certificate, and clients that prove themselves by one of the authority's. Our own few
/// lines around SslStream, because Kestrel's need its services, which we start without.
/// </summary>
sealed class TlsServer
{
    private static readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>id-kp-clientAuth (RFC 5280): a server's certificate of the same authority lets nobody in.</summary>
    private static readonly Oid _clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly SslServerAuthenticationOptions _options;
    private readonly X509Certificate2Collection _authorities = [];
    private readonly Log _log;

    public TlsServer(TlsOptions files, Log log)
    {
        _log = log;
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            _options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            };
            if (files.ClientAuthority is { } path)
            {
                _authorities.ImportFromPemFile(path);
                _options.ClientCertificateRequired = true;
                _options.RemoteCertificateValidationCallback = (_, client, sent, _) => IsSigned(client, sent);
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"could not load X509 key pair: {e.Message}", e);
        }
    }

    /// <summary>Serves one connection, encrypted.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var plain = connection.Transport;
        await using var tls = new SslStream(new DuplexPipeStream(plain));
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            timeout.CancelAfter(_handshakeTimeout);
            await tls.AuthenticateAsServerAsync(_options, timeout.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            _log.Debug("TLS handshake failed", ("client", connection.RemoteEndPoint), ("error", e.Message));
            return;
        }

        var reader = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
        var writer = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
        connection.Transport = new DuplexPipe(reader, writer);
        try
        {
            await next(connection);
            await writer.CompleteAsync();
            await tls.ShutdownAsync();
        }
        catch (IOException)
        {
            // The client did not wait for the end.
        }
        finally
        {
            await reader.CompleteAsync();
            connection.Transport = plain;
        }
    }

    /// <summary>Only the authority that the user named counts, not those that the machine trusts for the web.</summary>
    private bool IsSigned(X509Certificate? client, X509Chain? sent)
    {
        if (client is not X509Certificate2 certificate)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(_clientAuthentication);
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
