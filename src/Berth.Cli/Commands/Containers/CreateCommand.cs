using Berth.Cli.CommandLine;
using Berth.Cli.Options;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

sealed class CreateCommand : Command
{
    private readonly CreateFlags _flags;

    public CreateCommand()
        : base("[OPTIONS] IMAGE [COMMAND] [ARG...]", ArgumentCount.AtLeast(1)) =>
        _flags = new CreateFlags(Flags, "Pull image before creating (\"always\", \"|missing\", \"never\")");

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var creation = new ContainerCreation(session, _flags);
        var request = RunFailure.WithHelp(session, () =>
        {
            creation.Check();
            return _flags.Build(arguments[0], [.. arguments.Skip(1)], StandardTerminal.TrySize(StandardDescriptor.Output));
        });
        session.Out.WriteLine(creation.Create(request));
        return 0;
    }
}
