using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Api.Registry;
using Berth.Daemon.Server;
using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Daemon.Endpoints.Registry;

/// <summary>The credentials that a request brings: X-Registry-Auth for one registry, X-Registry-Config for several.</summary>
static class RegistryAuth
{
    /// <summary>Those for the registry of an image; null where there are none for it. A malformed header counts as none, as in Docker.</summary>
    public static RegistryCredentials? Of(ApiRequest request, string domain)
    {
        if (Read(request.Header("X-Registry-Auth"), RegistryJson.Default.AuthConfig) is { } one && Of(one) is { IsEmpty: false } credentials)
        {
            // What was meant for another registry is none of this one's business.
            return string.IsNullOrEmpty(one.ServerAddress) || DomainOf(one.ServerAddress) == domain ? credentials : null;
        }

        var several = Read(request.Header("X-Registry-Config"), RegistryJson.Default.DictionaryStringAuthConfig);
        var found = several?.FirstOrDefault(s => DomainOf(s.Key) == domain).Value;
        return found is null ? null : Of(found);
    }

    public static RegistryCredentials Of(AuthConfig auth)
    {
        var (username, password) = (auth.Username ?? "", auth.Password ?? "");
        if (username.Length == 0 && auth.Auth is { Length: > 0 } joined && TryDecode(joined) is { } text && text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            (username, password) = (text[..colon], text[(colon + 1)..].TrimEnd('\0'));
        }

        return new RegistryCredentials(username, password) { IdentityToken = auth.IdentityToken, RegistryToken = auth.RegistryToken };
    }

    /// <summary>The registry of a server's address as logins name it: a URL or a host; Docker Hub has several.</summary>
    public static string DomainOf(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var host = (scheme < 0 ? address : address[(scheme + 3)..]).Split('/')[0];
        return host is "" or "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultDomain : host;
    }

    private static T? Read<T>(string header, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return header.Length > 0 && TryDecode(header) is { } json ? JsonSerializer.Deserialize(json, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Some clients use the alphabet for URLs and some the other one, with or without padding.
    private static string? TryDecode(string base64)
    {
        var text = base64.Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) : null;
    }
}
