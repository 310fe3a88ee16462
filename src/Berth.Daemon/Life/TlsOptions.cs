namespace Berth.Daemon.Life;

/// <summary>Files (PEM) with which TCP addresses are served.</summary>
/// <param name="Certificate">The daemon's certificate, followed by those between it and its root.</param>
/// <param name="Key">Its private key.</param>
/// <param name="ClientAuthority">Whose client certificates are let in; null: everyone is.</param>
sealed record TlsOptions(string Certificate, string Key, string? ClientAuthority)
{
    public bool VerifyClients => ClientAuthority is not null;
}
