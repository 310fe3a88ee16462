using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

/// <summary>What <c>stop</c> and <c>restart</c> have in common: containers get a signal, and time to end.</summary>
abstract class EndingCommand : Command
{
    private readonly string _action;
    private readonly Flag<string> _signal;
    private readonly Flag<long> _timeout;

    /// <param name="action">The endpoint's last name.</param>
    protected EndingCommand(string action)
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _action = action;
        _signal = Flags.String("signal", 's', "Signal to send to the container");
        _timeout = Flags.Int("timeout", 't', "Seconds to wait before killing the container");
        Flags.Alias("time", _timeout);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        ContainerTargets.Each(session, arguments, container => new HttpRequest("POST", Target(container)));

    private string Target(string container)
    {
        var query = new QueryString(ContainerTargets.Path(container, _action)).AddNonEmpty("signal", _signal.Value);
        return (_timeout.IsSet ? query.Add("t", _timeout.Value) : query).ToString();
    }
}
