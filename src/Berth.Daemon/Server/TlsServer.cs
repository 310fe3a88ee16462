using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Berth.Daemon.Life;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Berth.Daemon.Server;

/// <summary>TLS on TCP addresses: the daemon's certificate, and clients that prove themselves by one of the authority's.</summary>
static class TlsServer
{
    public static HttpsConnectionAdapterOptions Options(TlsOptions files)
    {
        var options = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key),
            ServerCertificateChain = [],
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        options.ServerCertificateChain.ImportFromPemFile(files.Certificate);
        if (files.ClientAuthority is { } path)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            options.ClientCertificateValidation = (client, chain, _) => IsSignedBy(authorities, client, chain);
        }

        return options;
    }

    /// <summary>Only the authority that the user named counts, not those that the machine trusts for the web.</summary>
    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 client, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // id-kp-clientAuth (RFC 5280): a server's certificate of the same authority lets nobody in.
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(client);
    }
}
