using Berth.Cli.CommandLine;
using Berth.Cli.Options;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>Makes a container, starts it and stays with it until it ends.</summary>
sealed class RunCommand : Command
{
    private readonly CreateFlags _flags;
    private readonly Flag<bool> _detach;
    private readonly Flag<string> _detachKeys;
    private readonly Flag<bool> _sigProxy;

    public RunCommand()
        : base("[OPTIONS] IMAGE [COMMAND] [ARG...]", ArgumentCount.AtLeast(1))
    {
        _flags = new CreateFlags(Flags, "Pull image before running (\"always\", \"missing\", \"never\")");
        _detach = Flags.Bool("detach", 'd', "Run container in background and print container ID");
        _detachKeys = Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        _sigProxy = Flags.Bool("sig-proxy", null, "Proxy received signals to the process", initial: true);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var request = RunFailure.WithHelp(session, () =>
        {
            new ContainerCreation(session, _flags).Check();
            return _flags.Build(arguments[0], [.. arguments.Skip(1)], StandardTerminal.TrySize(StandardDescriptor.Output));
        });
        if (_detach.Value)
        {
            if (_flags.Process.Attach.Values.Count > 0)
            {
                throw new CommandException("conflicting options: cannot specify both --attach and --detach");
            }

            request = request with { AttachStdin = false, AttachStdout = false, AttachStderr = false, StdinOnce = false };
        }
        else if (request is { Tty: true, AttachStdin: true } && !StandardTerminal.Is(StandardDescriptor.Input))
        {
            throw new CommandException("the input device is not a TTY");
        }

        return RunFailure.WithHelpByReason(session, () =>
        {
            var id = new ContainerCreation(session, _flags).Create(request);
            var attachment = new ContainerAttachment(session, id)
            {
                Stdin = request.AttachStdin,
                Stdout = request.AttachStdout,
                Stderr = request.AttachStderr,
                Tty = request.Tty,
                DetachKeys = session.DetachKeys(_detachKeys),
                ForwardSignals = _sigProxy.Value,
                AutoRemove = request.HostConfig!.AutoRemove,
            };
            if (!request.AttachStdout && !request.AttachStderr)
            {
                session.Out.WriteLine(id);
                session.Out.Flush();
            }

            return attachment.Start();
        });
    }
}
