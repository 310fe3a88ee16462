using System.Text.Json;
using Berth.Api.Registry;

namespace Berth.Cli.Logins;

/// <summary>The header that brings the daemon the credentials of the registry that a request is about.</summary>
static class RegistryAuthHeader
{
    private const string Name = "X-Registry-Auth";

    /// <summary>The header for an image; empty content where the user is not logged in.</summary>
    public static IReadOnlyList<(string Name, string Value)> ForImage(Session session, string repository) =>
        ForServer(session, RegistryServer.OfImage(repository));

    public static IReadOnlyList<(string Name, string Value)> ForServer(Session session, string server)
    {
        var auth = CredentialFile.Open(session.Flags.Config.Value).Get(server) ?? new AuthConfig();
        var json = JsonSerializer.SerializeToUtf8Bytes(auth, RegistryJson.Default.AuthConfig);
        return [(Name, Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_'))];
    }
}
