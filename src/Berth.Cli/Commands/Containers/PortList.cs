using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Cli.Commands.Containers;

/// <summary>A container's ports in one line: <c>0.0.0.0:80->80/tcp, 443/tcp</c>, runs of ports as ranges.</summary>
static class PortList
{
    public static string Of(IReadOnlyList<PortSummary> ports)
    {
        var sorted = ports
            .OrderBy(port => port.PrivatePort)
            .ThenBy(port => port.IP ?? "", StringComparer.Ordinal)
            .ThenBy(port => port.PublicPort)
            .ThenBy(port => port.Type, StringComparer.Ordinal);
        var open = new List<PortRun>();
        var closed = new List<PortRun>();
        var renumbered = new List<string>();
        foreach (var port in sorted)
        {
            var address = port.IP ?? "";
            if (address.Length > 0 && port.PublicPort != port.PrivatePort)
            {
                renumbered.Add(string.Create(CultureInfo.InvariantCulture, $"{Host(address)}:{port.PublicPort}->{port.PrivatePort}/{port.Type}"));
                continue;
            }

            var index = open.FindIndex(run => run.Address == address && run.Type == port.Type);
            if (index < 0)
            {
                open.Add(new PortRun(address, port.Type, port.PrivatePort, port.PrivatePort));
            }
            else if (open[index].Last + 1 == port.PrivatePort)
            {
                open[index] = open[index] with { Last = port.PrivatePort };
            }
            else
            {
                closed.Add(open[index]);
                open[index] = new PortRun(address, port.Type, port.PrivatePort, port.PrivatePort);
            }
        }

        return string.Join(", ", closed.Concat(open).Select(run => run.ToString()).Concat(renumbered));
    }

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private sealed record PortRun(string Address, string Type, int First, int Last)
    {
        public override string ToString()
        {
            var ports = First == Last
                ? First.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
            return Address.Length > 0 ? $"{Host(Address)}:{ports}->{ports}/{Type}" : $"{ports}/{Type}";
        }
    }
}
