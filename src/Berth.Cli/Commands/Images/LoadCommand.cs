using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

sealed class LoadCommand : Command
{
    private readonly Flag<string> _input;
    private readonly Flag<string> _platform;
    private readonly Flag<bool> _quiet;

    public LoadCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _input = Flags.String("input", 'i', "Read from tar archive file, instead of STDIN");
        _platform = Flags.String("platform", null, "Load only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        _quiet = Flags.Bool("quiet", 'q', "Suppress the load output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_input.Value.Length == 0 && StandardTerminal.Is(StandardDescriptor.Input))
        {
            throw new CommandException("requested load from stdin, but stdin is empty");
        }

        using var file = _input.Value.Length > 0 ? ArchiveFile.Open(_input.Value) : null;
        using var response = session.Daemon.Send(new HttpRequest(
            "POST",
            new QueryString("/images/load").Add("quiet", _quiet.Value || !StandardTerminal.Is(StandardDescriptor.Output) ? "1" : "0").AddNonEmpty("platform", _platform.Value).ToString())
        {
            Source = file ?? session.In,
            IsAnsweredMeanwhile = true,
            ContentType = "application/x-tar",
        });
        if (response.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) ?? false)
        {
            ProgressMessages.To(session.Out, StandardDescriptor.Output).Print(response.Body);
        }
        else
        {
            Demultiplexer.CopyRaw(response.Body.Read, session.Out);
        }

        return 0;
    }
}
