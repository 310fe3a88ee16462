using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Images;

sealed class SaveCommand : Command
{
    private readonly Flag<string> _output;
    private readonly Flag<string> _platform;

    public SaveCommand()
        : base("[OPTIONS] IMAGE [IMAGE...]", ArgumentCount.AtLeast(1))
    {
        _output = Flags.String("output", 'o', "Write to a file, instead of STDOUT");
        _platform = Flags.String("platform", null, "Save only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        using var output = ArchiveOutput.Open(_output.Value, "failed to save image: ");
        var target = new QueryString("/images/get");
        foreach (var image in arguments)
        {
            target.Add("names", image);
        }

        using var response = session.Daemon.Get(target.AddNonEmpty("platform", _platform.Value).ToString());
        output.Receive(response.Body);
        session.Daemon.Finish(response);
        return 0;
    }
}
