using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class RenameCommand() : Command("CONTAINER NEW_NAME", ArgumentCount.Exactly(2))
{
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var (container, name) = (arguments[0].Trim(), arguments[1].Trim());
        if (container.Length == 0 || name.Length == 0)
        {
            throw new CommandException("Error: Neither old nor new names may be empty");
        }

        try
        {
            session.Daemon.Do("POST", new QueryString(ContainerTargets.Path(container, "rename")).Add("name", name).ToString());
            return 0;
        }
        catch (DaemonException failure)
        {
            throw new CommandException($"{failure.Message}\nError: failed to rename container named {container}");
        }
    }
}
