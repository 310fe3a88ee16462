using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class RestartCommand : Command
{
    private readonly Flag<string> _signal;
    private readonly Flag<long> _timeout;

    public RestartCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _signal = Flags.String("signal", 's', "Signal to send to the container");
        _timeout = Flags.Int("timeout", 't', "Seconds to wait before killing the container");
        Flags.Alias("time", _timeout);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        ContainerTargets.Each(session, arguments, container => new HttpRequest("POST", Target(container)));

    private string Target(string container)
    {
        var query = new QueryString(ContainerTargets.Path(container, "restart")).AddNonEmpty("signal", _signal.Value);
        return (_timeout.IsSet ? query.Add("t", _timeout.Value) : query).ToString();
    }
}
