namespace Berth.Images.Registry;

/// <summary>Through which proxies registries are reached, in the form of the well-known variables.</summary>
public sealed record ProxySettings
{
    /// <summary>For plain HTTP; empty: none.</summary>
    public string Http { get; init; } = "";

    /// <summary>For HTTPS; empty: none.</summary>
    public string Https { get; init; } = "";

    /// <summary>Hosts that are reached without: names, domains, addresses, subnets, with a port or without, separated by commas.</summary>
    public string Except { get; init; } = "";

    /// <summary>The address of a proxy as it is written: a URL, or a host and port.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" or "socks5" && address.Host.Length > 0
            ? address
            : null;

    /// <summary>The text without its password, to be shown.</summary>
    public static string Masked(string text) => Parse(text) is { UserInfo.Length: > 0 } address
        ? new UriBuilder(address) { UserName = "xxxxx", Password = "xxxxx" }.Uri.AbsoluteUri.TrimEnd('/')
        : text;
}
