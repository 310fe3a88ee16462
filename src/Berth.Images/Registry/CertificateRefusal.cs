using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Berth.Images.Registry;

/// <summary>Why a server's certificate is not good, in Docker's words.</summary>
public static class CertificateRefusal
{
    /// <param name="chain">What was tried; with an error other than a chain's it is not asked.</param>
    /// <param name="errors">What was found; not none.</param>
    public static AuthenticationException Of(X509Chain? chain, SslPolicyErrors errors)
    {
        var reason = errors != SslPolicyErrors.RemoteCertificateChainErrors ? "certificate is not valid for this name"
            : chain?.ChainStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid) == true ? "certificate has expired or is not yet valid"
            : "certificate signed by unknown authority";
        return new AuthenticationException($"tls: failed to verify certificate: x509: {reason}");
    }
}
