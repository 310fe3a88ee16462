using System.Text.Json;
using Berth.Cli.Connection;

namespace Berth.Cli.Configuration;

/// <summary>What the client's config.json says beside credentials: formats, proxies, keys, filters, headers, the context.</summary>
sealed class ClientConfiguration
{
    private readonly JsonElement _content;

    private ClientConfiguration(JsonElement content) => _content = content;

    public string CurrentContext => Text("currentContext");

    public string DetachKeys => Text("detachKeys");

    /// <summary>Sent with each request to the daemon.</summary>
    public IEnumerable<(string Name, string Value)> Headers =>
        Member("HttpHeaders") is { ValueKind: JsonValueKind.Object } headers
            ? headers.EnumerateObject().Where(header => header.Name != "User-Agent").Select(header => (header.Name, Line(header.Value)))
            : [];

    /// <param name="directory">Where config.json lies, if there is one.</param>
    /// <param name="warn">Is told of a file that cannot be read; nothing of it counts then, as with Docker.</param>
    public static ClientConfiguration Load(string directory, Action<string> warn)
    {
        var path = Path.Combine(directory, "config.json");
        try
        {
            // Most users have none: looking for it is cheaper than an exception.
            if (File.Exists(path))
            {
                var content = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
                return content.ValueKind == JsonValueKind.Object
                    ? new ClientConfiguration(content)
                    : throw new JsonException("it holds no object");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            warn($"WARNING: Error parsing config file ({path}): {unreadable.Message}");
        }

        return new ClientConfiguration(default);
    }

    /// <summary>The format of a listing, such as <c>psFormat</c>, where the command line names none.</summary>
    public string Format(string name) => Text(name);

    /// <summary>The variables that lead a container's programs through proxies, in both spellings of their names.</summary>
    /// <param name="daemon">The daemon's address: some have proxies of their own.</param>
    public IEnumerable<KeyValuePair<string, string>> ProxyVariables(string daemon)
    {
        var proxies = Member("proxies");
        if (proxies.ValueKind != JsonValueKind.Object || !(proxies.TryGetProperty(daemon, out var proxy) || proxies.TryGetProperty("default", out proxy)))
        {
            yield break;
        }

        foreach (var (member, variable) in (IEnumerable<(string, string)>)
            [("httpProxy", "HTTP_PROXY"), ("httpsProxy", "HTTPS_PROXY"), ("noProxy", "NO_PROXY"), ("ftpProxy", "FTP_PROXY"), ("allProxy", "ALL_PROXY")])
        {
            if (proxy.Text(member) is { Length: > 0 } value)
            {
                yield return KeyValuePair.Create(variable, value);
                yield return KeyValuePair.Create(variable.ToLowerInvariant(), value);
            }
        }
    }

    /// <summary>A prune's filters with those that the user always wants; one of the command line beats its opposite here.</summary>
    public List<(string Name, string Value)> PruneFilters(IReadOnlyList<(string Name, string Value)> given)
    {
        List<(string Name, string Value)> filters = [.. given];
        var configured = Member("pruneFilters");
        foreach (var filter in configured.ValueKind == JsonValueKind.Array ? configured.EnumerateArray().Select(item => item.GetString() ?? "") : [])
        {
            var equals = filter.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            var (name, value) = (filter[..equals], filter[(equals + 1)..]);
            var opposite = name switch { "label" => "label!", "label!" => "label", _ => "" };
            if (!given.Contains((opposite, value)))
            {
                filters.Add((name, value));
            }
        }

        return filters;
    }

    private string Text(string name) => _content.ValueKind == JsonValueKind.Object ? _content.Text(name) : "";

    private JsonElement Member(string name) => _content.ValueKind == JsonValueKind.Object && _content.TryGetProperty(name, out var value) ? value : default;

    /// <exception cref="CommandException">A header would end early, and what follows be another.</exception>
    private static string Line(JsonElement value) =>
        value.GetString() is not { } text ? ""
        : text.AsSpan().IndexOfAny('\r', '\n') < 0 ? text
        : throw new CommandException("config.json: a value of HttpHeaders holds a line end");
}
