using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Berth.Images.Registry;

/// <summary>What the certificate directories say about one host: CAs beside the system's, and client certificates.</summary>
internal sealed class HostCertificates
{
    private readonly X509Certificate2Collection _authorities = [];

    private HostCertificates()
    {
    }

    public X509Certificate2Collection Clients { get; } = [];

    /// <exception cref="RegistryException">A file is missing or malformed.</exception>
    public static HostCertificates Load(string host, IReadOnlyList<string> directories)
    {
        var certificates = new HostCertificates();
        foreach (var file in Files(host, directories))
        {
            try
            {
                if (file.EndsWith(".crt", StringComparison.Ordinal))
                {
                    certificates._authorities.ImportFromPemFile(file);
                }
                else if (file.EndsWith(".cert", StringComparison.Ordinal))
                {
                    var key = Path.ChangeExtension(file, ".key");
                    certificates.Clients.Add(File.Exists(key)
                        ? X509Certificate2.CreateFromPemFile(file, key)
                        : throw new RegistryException(
                            $"missing key {key} for client certificate {file}. CA certificates must use the extension .crt"));
                }
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new RegistryException($"{file}: {e.Message}", cause: e);
            }
        }

        return certificates;
    }

    /// <summary>Changes when the files do.</summary>
    public static string Stamp(string host, IReadOnlyList<string> directories) =>
        string.Join('|', Files(host, directories).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks}"));

    /// <summary>Decides on a server's certificate: the system's decision, or a chain that ends in one of the host's own CAs.</summary>
    /// <exception cref="AuthenticationException">It is not good; the message says why.</exception>
    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // A wrong name stays wrong whoever signed it.
        return errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 server
            && _authorities.Count > 0 && IsSignedByAuthority(server, chain)
                ? true
                : throw CertificateRefusal.Of(chain, errors);
    }

    private bool IsSignedByAuthority(X509Certificate2 server, X509Chain? chain)
    {
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(server);
    }

    // The host comes from an image's name or a configuration: its grammar has no slash, and a name of dots only leads nowhere.
    private static IEnumerable<string> Files(string host, IReadOnlyList<string> directories) =>
        host.Contains('/') || host.Trim('.').Length == 0
            ? []
            : directories.Select(d => Path.Combine(d, host)).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal);
}
