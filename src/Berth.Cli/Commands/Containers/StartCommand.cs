using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class StartCommand : Command
{
    private readonly Flag<bool> _attach;
    private readonly Flag<string> _detachKeys;
    private readonly Flag<bool> _interactive;

    public StartCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _attach = Flags.Bool("attach", 'a', "Attach STDOUT/STDERR and forward signals");
        Flags.String("checkpoint", null, "Restore from this checkpoint", refusal: Experimental("checkpoint"));
        Flags.String("checkpoint-dir", null, "Use a custom checkpoint storage directory", refusal: Experimental("checkpoint-dir"));
        _detachKeys = Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        _interactive = Flags.Bool("interactive", 'i', "Attach container's STDIN");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_attach.Value || _interactive.Value)
        {
            return arguments.Count == 1
                ? Attached(session, arguments[0])
                : throw new CommandException("you cannot start and attach multiple containers at once");
        }

        var failed = new List<string>();
        foreach (var container in arguments)
        {
            try
            {
                session.Daemon.Do("POST", ContainerTargets.Path(container, "start"));
                session.Out.WriteLine(container);
            }
            catch (DaemonException failure)
            {
                session.Warn(failure.Message);
                failed.Add(container);
            }
        }

        return failed.Count == 0 ? 0 : throw new CommandException($"Error: failed to start containers: {string.Join(", ", failed)}");
    }

    private static string Experimental(string name) => $"\"--{name}\" is only supported on a Docker daemon with experimental features enabled";

    private int Attached(Session session, string name)
    {
        var container = session.Daemon.Get(ContainerTargets.Path(name, "json"), ContainerJson.Default.ContainerInspect);
        return new ContainerAttachment(session, container.Id)
        {
            Stdin = _interactive.Value && container.Config.OpenStdin,
            Stdout = true,
            Stderr = true,
            Tty = container.Config.Tty,
            DetachKeys = session.DetachKeys(_detachKeys),
            ForwardSignals = true,
            AutoRemove = container.HostConfig.AutoRemove,
        }.Start();
    }
}
