using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands.Containers;

sealed class DiffCommand : Command
{
    public DiffCommand()
        : base("CONTAINER", ArgumentCount.Exactly(1))
    {
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (arguments[0].Length == 0)
        {
            throw new CommandException("Container name cannot be empty");
        }

        using var response = session.Daemon.Get(ContainerTargets.Path(arguments[0], "changes"));
        foreach (var change in session.Daemon.Read(response, ContainerJson.Default.IReadOnlyListContainerChange))
        {
            session.Out.WriteLine($"{change.Kind switch { ContainerChange.Modified => 'C', ContainerChange.Added => 'A', _ => 'D' }} {change.Path}");
        }

        return 0;
    }
}
