using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Connection;

/// <summary>The certificates of an encrypted connection.</summary>
/// <param name="Verify">Whether the daemon must prove its name by a certificate of the authority.</param>
sealed record TlsFiles(string Authority, string Certificate, string Key, bool Verify)
{
    /// <returns>Null where neither flags nor DOCKER_TLS_VERIFY and DOCKER_TLS ask for encryption.</returns>
    /// <exception cref="CommandException">A file that is named, or that the daemon is to be verified by, is not there.</exception>
    public static TlsFiles? Choose(GlobalFlags flags)
    {
        var verify = flags.TlsVerify.IsSet ? flags.TlsVerify.Value : !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_TLS_VERIFY"));
        var named = flags.TlsCaCert.IsSet || flags.TlsCert.IsSet || flags.TlsKey.IsSet;
        var wanted = flags.Tls.IsSet ? flags.Tls.Value : !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_TLS"));
        if (!verify && !wanted && !named)
        {
            return null;
        }

        foreach (var (flag, needed) in ((Flag<string>, bool)[])[(flags.TlsCaCert, verify), (flags.TlsCert, false), (flags.TlsKey, false)])
        {
            if ((needed || flag.IsSet) && !File.Exists(flag.Value))
            {
                throw new CommandException($"Failed to initialize: unable to resolve docker endpoint: open {flag.Value}: no such file or directory");
            }
        }

        return new TlsFiles(flags.TlsCaCert.Value, flags.TlsCert.Value, flags.TlsKey.Value, verify);
    }

    /// <summary>Encrypts a connection and checks the daemon's certificate.</summary>
    public SslStream Authenticate(Stream plain, EndPoint endPoint)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = endPoint switch
            {
                DnsEndPoint name => name.Host,
                IPEndPoint address => address.Address.ToString(),
                _ => "",
            },
        };
        try
        {
            if (File.Exists(Certificate))
            {
                options.ClientCertificates = [X509Certificate2.CreateFromPemFile(Certificate, Key)];
            }

            if (!Verify)
            {
                // --tls without --tlsverify encrypts and does not ask who answers: the user's own word, as with Docker.
#pragma warning disable CA5359
                options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            }
            else if (File.Exists(Authority))
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(Authority);
                options.CertificateChainPolicy = policy;
            }

            var stream = new SslStream(plain);
            stream.AuthenticateAsClient(options);
            return stream;
        }
        catch (CryptographicException unreadable)
        {
            throw new CommandException($"could not read the TLS certificates: {unreadable.Message}");
        }
        catch (System.Security.Authentication.AuthenticationException refused)
        {
            throw new ConnectionException($"error during connect: {refused.InnerException?.Message ?? refused.Message}");
        }
    }
}
