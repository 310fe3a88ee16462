namespace Berth.Cli.Logins;

/// <summary>What a registry is called in files of credentials.</summary>
static class RegistryServer
{
    /// <summary>Docker Hub's name there, which is older than its registry.</summary>
    public const string Hub = "https://index.docker.io/v1/";

    private const string HubDomain = "docker.io";

    /// <summary>The name under which credentials for an image's registry are stored.</summary>
    public static string OfImage(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : repository[..slash];
        return first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper)
            ? Named(first)
            : Hub;
    }

    /// <summary>The name of a registry that a user wrote: Hub's for all that means it, otherwise the host.</summary>
    public static string Named(string server) =>
        server.Length == 0 || Host(server) is HubDomain or "index.docker.io" or "registry-1.docker.io" ? Hub : Host(server);

    /// <summary>The host of an address, which may be a URL.</summary>
    public static string Host(string address)
    {
        foreach (var scheme in (string[])["https://", "http://"])
        {
            if (address.StartsWith(scheme, StringComparison.Ordinal))
            {
                address = address[scheme.Length..];
            }
        }

        return address.Split('/')[0];
    }
}
