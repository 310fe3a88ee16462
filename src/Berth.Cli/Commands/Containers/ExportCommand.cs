using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands.Containers;

sealed class ExportCommand : Command
{
    private readonly Flag<string> _output;

    public ExportCommand()
        : base("[OPTIONS] CONTAINER", ArgumentCount.Exactly(1)) =>
        _output = Flags.String("output", 'o', "Write to a file, instead of STDOUT");

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        using var output = ArchiveOutput.Open(_output.Value, "failed to export container: ");
        using var response = session.Daemon.Get(ContainerTargets.Path(arguments[0], "export"));
        output.Receive(response.Body);
        session.Daemon.Finish(response);
        return 0;
    }
}
