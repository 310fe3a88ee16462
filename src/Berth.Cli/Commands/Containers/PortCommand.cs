using System.Globalization;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands.Containers;

sealed class PortCommand() : Command("CONTAINER [PRIVATE_PORT[/PROTO]]", new ArgumentCount(1, 2))
{
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Daemon.Get(ContainerTargets.Path(arguments[0], "json"), ContainerJson.Default.ContainerInspect);
        var ports = container.NetworkSettings.Ports;
        if (arguments.Count == 1 || arguments[1].Length == 0)
        {
            var lines = ports.SelectMany(port => (port.Value ?? []).Select(binding => (Port: Number(port.Key), Line: $"{port.Key} -> {Address(binding)}")));
            foreach (var (_, line) in lines.OrderBy(line => line.Port).ThenBy(line => line.Line, StringComparer.Ordinal))
            {
                session.Out.WriteLine(line);
            }

            return 0;
        }

        var slash = arguments[1].IndexOf('/', StringComparison.Ordinal);
        var (number, protocol) = slash < 0 ? (arguments[1], "") : (arguments[1][..slash], arguments[1][(slash + 1)..]);
        if (!ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            var wrong = number.Length > 0 && number.All(char.IsAsciiDigit)
                ? $"strconv.ParseUint: parsing {GoText.Quote(number)}: value out of range"
                : GoNumber.Invalid("ParseUint", number).Message;
            throw new CommandException($"Error: invalid port ({number}): {wrong}");
        }

        if (ports.GetValueOrDefault($"{number}/{(protocol.Length == 0 ? "tcp" : protocol)}") is not { Count: > 0 } bindings)
        {
            throw new CommandException($"Error: No public port '{arguments[1]}' published for {arguments[0]}");
        }

        foreach (var binding in bindings)
        {
            session.Out.WriteLine(Address(binding));
        }

        return 0;
    }

    private static int Number(string port) => int.Parse(port.Split('/')[0], CultureInfo.InvariantCulture);

    private static string Address(PortBinding binding) =>
        binding.HostIp.Contains(':', StringComparison.Ordinal) ? $"[{binding.HostIp}]:{binding.HostPort}" : $"{binding.HostIp}:{binding.HostPort}";
}
