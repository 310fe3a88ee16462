using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Containers;

sealed class TopCommand : Command
{
    public TopCommand()
        : base("CONTAINER [ps OPTIONS]", ArgumentCount.AtLeast(1)) =>
        Flags.Interspersed = false;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var target = new QueryString(ContainerTargets.Path(arguments[0], "top"))
            .AddNonEmpty("ps_args", string.Join(' ', arguments.Skip(1)));
        var top = session.Daemon.Get(target.ToString(), ContainerJson.Default.ContainerTop);
        var lines = top.Processes.Prepend(top.Titles).Select(words => string.Join('\t', words) + "\n");
        session.Out.Write(TextTable.Align(string.Concat(lines), narrowest: 20));
        return 0;
    }
}
