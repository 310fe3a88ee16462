using System.Globalization;
using System.Net;
using Berth.Api;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The values of <c>--publish</c> and <c>--expose</c>.</summary>
sealed class PortOption
{
    public Dictionary<string, Empty> Exposed { get; } = [];

    public Dictionary<string, IReadOnlyList<PortBinding>?> Bindings { get; } = [];

    /// <summary><c>[[address:]hostPort:]containerPort[/protocol]</c>, ports or ranges; or <c>published=80,target=8080,protocol=tcp</c>.</summary>
    public void Publish(string text)
    {
        text = text.Contains('=', StringComparison.Ordinal) ? FromPairs(text) : text;
        var (address, hostPort, containerPort) = Split(text);
        (containerPort, var protocol) = Protocol(containerPort);
        if (containerPort.Length == 0)
        {
            throw new CommandException($"no port specified: {text}<empty>");
        }

        address = CheckAddress(address);
        var inside = Range(containerPort) ?? throw new CommandException($"invalid containerPort: {containerPort}");
        var outside = hostPort.Length == 0 ? default : Range(hostPort) ?? throw new CommandException($"invalid hostPort: {hostPort}");
        var dynamic = inside.Length == 1 && outside.Length > 1;
        if (hostPort.Length > 0 && inside.Length != outside.Length && inside.Length != 1)
        {
            throw new CommandException($"invalid ranges specified for container and host Ports: {containerPort} and {hostPort}");
        }

        if (protocol.ToLowerInvariant() is not ("tcp" or "udp" or "sctp"))
        {
            throw new CommandException($"invalid proto: {protocol}");
        }

        for (var i = 0; i < inside.Length; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{inside.First + i}/{protocol.ToLowerInvariant()}");
            var bound = hostPort.Length == 0 ? ""
                : dynamic ? string.Create(CultureInfo.InvariantCulture, $"{outside.First}-{outside.First + outside.Length - 1}")
                : (outside.First + i).ToString(CultureInfo.InvariantCulture);
            Exposed[key] = new Empty();
            Bindings[key] = [.. Bindings.GetValueOrDefault(key) ?? [], new PortBinding { HostIp = address, HostPort = bound }];
        }
    }

    public void Expose(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            throw new CommandException($"invalid port format for --expose: {text}");
        }

        var (ports, protocol) = Protocol(text);
        if (Range(ports) is not { } range)
        {
            var problem = ports.Length == 0 ? "empty string specified for ports" : GoNumber.Invalid("ParseUint", ports.Split('-')[0]).Message;
            throw new CommandException($"invalid range format for --expose: {text}, error: {problem}");
        }

        for (var i = 0; i < range.Length; i++)
        {
            Exposed[string.Create(CultureInfo.InvariantCulture, $"{range.First + i}/{protocol.ToLowerInvariant()}")] = new Empty();
        }
    }

    private static string FromPairs(string text)
    {
        var pairs = new Dictionary<string, string> { ["protocol"] = "tcp" };
        foreach (var pair in text.Split(','))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new CommandException($"invalid publish opts format (should be name=value but got '{pair}')");
            }

            pairs[pair[..equals]] = pair[(equals + 1)..];
        }

        return $"{pairs.GetValueOrDefault("published")}:{pairs.GetValueOrDefault("target")}/{pairs["protocol"]}";
    }

    private static (string Address, string HostPort, string ContainerPort) Split(string text)
    {
        var parts = text.Split(':');
        return parts.Length switch
        {
            1 => ("", "", parts[0]),
            2 => ("", parts[0], parts[1]),
            _ => (string.Join(':', parts[..^2]), parts[^2], parts[^1]),
        };
    }

    private static (string Port, string Protocol) Protocol(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "tcp") : slash == 0 ? ("", "") : (text[..slash], slash == text.Length - 1 ? "tcp" : text[(slash + 1)..]);
    }

    private static string CheckAddress(string text)
    {
        var bare = text is ['[', .., ']'] ? text[1..^1] : text;
        return bare.Length == 0 || (IPAddress.TryParse(bare, out _) && (bare.Contains(':', StringComparison.Ordinal) || bare.Split('.').Length == 4))
            ? bare
            : throw new CommandException($"invalid IP address: {bare}");
    }

    private static (int First, int Length)? Range(string text)
    {
        var parts = text.Split('-', 2);
        if (!GoNumber.TryDecimal(parts[0], 16, out var first))
        {
            return null;
        }

        var last = first;
        if (parts.Length == 2 && (!GoNumber.TryDecimal(parts[1], 16, out last) || last < first))
        {
            return null;
        }

        return ((int)first, (int)(last - first) + 1);
    }
}
