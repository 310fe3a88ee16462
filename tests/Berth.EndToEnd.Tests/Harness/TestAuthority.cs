using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A certificate authority of one test, and a certificate for a server and one for a client that it signed.</summary>
public sealed class TestAuthority : IDisposable
{
    /// <summary>Folders of the machine that were not there before the tests: whoever leaves one empty removes it. Tests that run beside each other share them.</summary>
    private static readonly HashSet<string> _made = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-ca-").FullName;

    public TestAuthority(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using var key = RSA.Create(2048);
        var server = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = server.Create(root, now.AddHours(-1), now.AddDays(1), [1, 2, 3]);

        Certificate = certificate.RawData;
        Key = RSA.Create(key.ExportParameters(true));
        using var clientKey = RSA.Create(2048);
        var client = new CertificateRequest("CN=engine", clientKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        client.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var clientCertificate = client.Create(root, now.AddHours(-1), now.AddDays(1), [1, 2, 4]);
        File.WriteAllText(ClientCertificateFile, clientCertificate.ExportCertificatePem());
        File.WriteAllText(ClientKeyFile, clientKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(AuthorityFile, root.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile => Path.Combine(_folder, "ca.crt");

    public string CertificateFile => Path.Combine(_folder, "server.crt");

    public string KeyFile => Path.Combine(_folder, "server.key");

    public string ClientCertificateFile => Path.Combine(_folder, "client.cert");

    public string ClientKeyFile => Path.Combine(_folder, "client.key");

    /// <summary>The server's certificate and its key, for those who sign with it.</summary>
    public byte[] Certificate { get; }

    public RSA Key { get; }

    /// <summary>Makes the engine trust the authority for one host, until the result is disposed.</summary>
    public IDisposable TrustFor(string host) => InstallFor(host, Daemon.IsDockerd ? "docker" : "berth", "ca.crt");

    /// <summary>Puts some of the authority's files where an engine looks for those of one host, until the result is disposed.</summary>
    /// <param name="engine">Whose directory it is: docker or berth.</param>
    /// <param name="files">ca.crt, client.cert, client.key.</param>
    public IDisposable InstallFor(string host, string engine, params string[] files)
    {
        var folder = Path.Combine($"/etc/{engine}/certs.d", host);
        lock (_made)
        {
            for (var parent = Path.GetDirectoryName(folder)!; !Directory.Exists(parent); parent = Path.GetDirectoryName(parent)!)
            {
                _made.Add(parent);
            }

            Directory.CreateDirectory(folder);
        }

        foreach (var file in files)
        {
            File.Copy(Path.Combine(_folder, file), Path.Combine(folder, file));
        }

        return new Removal(folder);
    }

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Removal(string folder) : IDisposable
    {
        public void Dispose()
        {
            lock (_made)
            {
                Directory.Delete(folder, recursive: true);
                foreach (var parent in _made.OrderByDescending(path => path.Length).ToList())
                {
                    if (Directory.GetFileSystemEntries(parent).Length == 0)
                    {
                        Directory.Delete(parent);
                        _made.Remove(parent);
                    }
                }
            }
        }
    }
}
