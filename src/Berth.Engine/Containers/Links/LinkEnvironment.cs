using System.Globalization;

namespace Berth.Engine.Containers.Links;

/// <summary>The variables by which a container knows one that it is linked to: ALIAS_NAME, ALIAS_PORT…, ALIAS_ENV_….</summary>
internal static class LinkEnvironment
{
    /// <param name="linkName">/CONTAINER/ALIAS.</param>
    /// <param name="alias">Its last part.</param>
    /// <param name="address">Of the linked container.</param>
    /// <param name="ports">What it exposes, such as 80/tcp.</param>
    /// <param name="environment">Its own.</param>
    public static IEnumerable<string> Of(string linkName, string alias, string address, IEnumerable<string> ports, IEnumerable<string> environment)
    {
        var prefix = alias.ToUpperInvariant().Replace('-', '_');
        var sorted = ports.Select(Parse).OfType<Port>().OrderBy(p => p.Protocol == "tcp" ? 0 : 1).ThenBy(p => p.Number).ToList();
        if (sorted is [var first, ..])
        {
            yield return $"{prefix}_PORT={first.Url(address)}";
        }

        foreach (var (start, end) in Ranges(sorted))
        {
            var range = $"{prefix}_{start.Variable}";
            yield return $"{range}_START={start.Url(address)}";
            yield return $"{range}_ADDR={address}";
            yield return $"{range}_PROTO={start.Protocol}";
            yield return $"{range}_PORT_START={start.Text}";
            yield return $"{range}_END={end.Url(address)}";
            yield return $"{range}_PORT_END={end.Text}";
        }

        foreach (var port in sorted)
        {
            var one = $"{prefix}_{port.Variable}";
            yield return $"{one}={port.Url(address)}";
            yield return $"{one}_ADDR={address}";
            yield return $"{one}_PORT={port.Text}";
            yield return $"{one}_PROTO={port.Protocol}";
        }

        yield return $"{prefix}_NAME={linkName}";
        foreach (var entry in environment)
        {
            // The two that every image has say nothing of the service.
            if (entry.Split('=', 2) is [not ("HOME" or "PATH") and var name, var value])
            {
                yield return $"{prefix}_ENV_{name}={value}";
            }
        }
    }

    private static IEnumerable<(Port Start, Port End)> Ranges(List<Port> ports)
    {
        for (var i = 0; i < ports.Count;)
        {
            var end = i;
            while (end + 1 < ports.Count && ports[end + 1].Protocol == ports[i].Protocol && ports[end + 1].Number == ports[end].Number + 1)
            {
                end++;
            }

            if (end > i)
            {
                yield return (ports[i], ports[end]);
            }

            i = end + 1;
        }
    }

    private static Port? Parse(string text) =>
        text.Split('/') is [var number, .. var rest] && ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new Port(port, rest is [var protocol, ..] ? protocol : "tcp")
            : null;

    private sealed record Port(ushort Number, string Protocol)
    {
        public string Text => Number.ToString(CultureInfo.InvariantCulture);

        public string Variable => $"PORT_{Text}_{Protocol.ToUpperInvariant()}";

        public string Url(string address) => $"{Protocol}://{address}:{Text}";
    }
}
