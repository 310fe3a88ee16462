using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

sealed class AttachCommand : Command
{
    private readonly Flag<string> _detachKeys;
    private readonly Flag<bool> _noStdin;
    private readonly Flag<bool> _sigProxy;

    public AttachCommand()
        : base("[OPTIONS] CONTAINER", ArgumentCount.Exactly(1))
    {
        _detachKeys = Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        _noStdin = Flags.Bool("no-stdin", null, "Do not attach STDIN");
        _sigProxy = Flags.Bool("sig-proxy", null, "Proxy all received signals to the process", initial: true);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = Inspect(session, arguments[0]);
        var stdin = !_noStdin.Value && container.Config.OpenStdin;
        if (stdin && container.Config.Tty && !StandardTerminal.Is(StandardDescriptor.Input))
        {
            throw new CommandException("the input device is not a TTY");
        }

        return new ContainerAttachment(session, container.Id)
        {
            Stdin = stdin,
            Stdout = true,
            Stderr = true,
            Tty = container.Config.Tty,
            DetachKeys = session.DetachKeys(_detachKeys),
            ForwardSignals = _sigProxy.Value,
        }.Join(() => Inspect(session, container.Id));
    }

    /// <summary>Refuses a container that cannot be attached to.</summary>
    private static ContainerInspect Inspect(Session session, string name)
    {
        var container = session.Daemon.Get(ContainerTargets.Path(name, "json"), ContainerJson.Default.ContainerInspect);
        return container.State switch
        {
            { Running: false } => throw new CommandException("You cannot attach to a stopped container, start it first"),
            { Paused: true } => throw new CommandException("You cannot attach to a paused container, unpause it first"),
            { Restarting: true } => throw new CommandException("You cannot attach to a restarting container, wait until it is running"),
            _ => container,
        };
    }
}
