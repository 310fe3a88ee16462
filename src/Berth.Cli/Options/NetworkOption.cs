using System.Globalization;

namespace Berth.Cli.Options;

/// <summary>The value of <c>--network</c>: a name or a mode, or <c>name=net,alias=db,ip=10.0.0.2</c>.</summary>
sealed record NetworkOption(string Target)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyDictionary<string, string>? DriverOptions { get; init; }

    public IReadOnlyList<string> Links { get; init; } = [];

    public string Address4 { get; init; } = "";

    public string Address6 { get; init; } = "";

    public IReadOnlyList<string> LinkLocalAddresses { get; init; } = [];

    public string MacAddress { get; init; } = "";

    public int GatewayPriority { get; init; }

    /// <summary>The network's own modes; any other name is a network that somebody made.</summary>
    public bool IsUserDefined =>
        Target is not ("default" or "bridge" or "host" or "none") && !Target.StartsWith("container:", StringComparison.Ordinal);

    public static void Add(string text, List<NetworkOption> networks) => networks.Add(Parse(text));

    private static NetworkOption Parse(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            return new NetworkOption(text);
        }

        var network = new NetworkOption("");
        foreach (var field in CommaSeparated.Parse(text))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || field[..equals].Trim().Length == 0)
            {
                throw new FormatException($"invalid field {field}");
            }

            network = Apply(network, field[..equals].Trim().ToLowerInvariant(), field[(equals + 1)..].Trim());
        }

        return network.Target.Length > 0 ? network : throw new FormatException("network name/id is not specified");
    }

    private static NetworkOption Apply(NetworkOption network, string key, string value) => key switch
    {
        "name" => network with { Target = value },
        "alias" => network with { Aliases = [.. network.Aliases, value] },
        "ip" => network with { Address4 = value },
        "ip6" => network with { Address6 = value },
        "link-local-ip" => network with { LinkLocalAddresses = [.. network.LinkLocalAddresses, value] },
        "mac-address" => network with { MacAddress = value },
        "driver-opt" => network with { DriverOptions = With(network.DriverOptions, value) },
        "gw-priority" => network with
        {
            GatewayPriority = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
                ? priority
                : throw new FormatException($"invalid gw-priority ({value}): invalid syntax"),
        },
        _ => throw new FormatException($"invalid field key {key}"),
    };

    public static bool IsMacAddress(string text)
    {
        var parts = text.Split(':', '-');
        return parts.Length is 6 or 8 or 20 && parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit));
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? options, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new FormatException("invalid key value pair format in driver options");
        }

        return new Dictionary<string, string>(options ?? new Dictionary<string, string>())
        {
            [pair[..equals].Trim().ToLowerInvariant()] = pair[(equals + 1)..].Trim(),
        };
    }
}
