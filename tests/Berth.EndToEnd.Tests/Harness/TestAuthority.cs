using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A certificate authority of one test, and the one server certificate that it signed.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-ca-").FullName;

    public TestAuthority(string address)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using var key = RSA.Create(2048);
        var server = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = server.Create(root, now.AddHours(-1), now.AddDays(1), [1, 2, 3]);

        Certificate = certificate.RawData;
        Key = RSA.Create(key.ExportParameters(true));
        File.WriteAllText(AuthorityFile, root.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile => Path.Combine(_folder, "ca.crt");

    public string CertificateFile => Path.Combine(_folder, "server.crt");

    public string KeyFile => Path.Combine(_folder, "server.key");

    /// <summary>The server's certificate and its key, for those who sign with it.</summary>
    public byte[] Certificate { get; }

    public RSA Key { get; }

    /// <summary>Makes the engine trust the authority for one host, until the result is disposed.</summary>
    public IDisposable TrustFor(string host)
    {
        var folder = Path.Combine(Daemon.IsDockerd ? "/etc/docker/certs.d" : "/etc/berth/certs.d", host);
        var removed = !Directory.Exists(Path.GetDirectoryName(folder)) ? Path.GetDirectoryName(folder)! : folder;
        Directory.CreateDirectory(folder);
        File.Copy(AuthorityFile, Path.Combine(folder, "ca.crt"));
        return new Removal(removed);
    }

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Removal(string folder) : IDisposable
    {
        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
