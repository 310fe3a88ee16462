using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class StartCommand : Command
{
    private readonly Flag<bool> _attach;
    private readonly Flag<string> _checkpoint;
    private readonly Flag<string> _checkpointDir;
    private readonly Flag<string> _detachKeys;
    private readonly Flag<bool> _interactive;

    public StartCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _attach = Flags.Bool("attach", 'a', "Attach STDOUT/STDERR and forward signals");
        _checkpoint = Flags.String("checkpoint", null, "Restore from this checkpoint");
        _checkpointDir = Flags.String("checkpoint-dir", null, "Use a custom checkpoint storage directory");
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
                session.Daemon.Do("POST", new QueryString(ContainerTargets.Path(container, "start"))
                    .AddNonEmpty("checkpoint", _checkpoint.Value).AddNonEmpty("checkpoint-dir", _checkpointDir.Value).ToString());
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

    private int Attached(Session session, string name)
    {
        var container = session.Daemon.Get(ContainerTargets.Path(name, "json"), ContainerJson.Default.ContainerInspect);
        return new ContainerAttachment(session, container.Id)
        {
            Stdin = _interactive.Value && container.Config.OpenStdin,
            Stdout = true,
            Stderr = true,
            Tty = container.Config.Tty,
            DetachKeys = _detachKeys.Value,
            ForwardSignals = true,
            AutoRemove = container.HostConfig.AutoRemove,
        }.Start();
    }
}
