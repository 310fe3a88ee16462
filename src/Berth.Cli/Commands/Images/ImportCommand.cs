using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

sealed class ImportCommand : Command
{
    private readonly ListFlag<string> _change;
    private readonly Flag<string> _message;
    private readonly Flag<string> _platform;

    public ImportCommand()
        : base("[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", ArgumentCount.AtLeast(1))
    {
        _change = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _message = Flags.String("message", 'm', "Set commit message for imported image");
        _platform = PlatformOption.Declare(Flags);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var source = arguments[0];
        var remote = source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);
        if (arguments.Count > 1)
        {
            ImageName.Parse(arguments[1]);
        }

        var target = new QueryString("/images/create")
            .Add("fromSrc", remote ? source : "-")
            .AddNonEmpty("repo", arguments.Count > 1 ? arguments[1] : "")
            .AddNonEmpty("message", _message.Value)
            .AddNonEmpty("platform", _platform.Value);
        _change.Values.ForEach(change => target.Add("changes", change));
        using var file = remote || source == "-" ? null : ArchiveFile.Open(source);
        using var response = session.Daemon.Send(new HttpRequest("POST", target.ToString())
        {
            Source = remote ? null : file ?? session.In,
            ContentType = remote ? null : "text/plain",
        });
        ProgressMessages.To(session.Out, StandardDescriptor.Output).Print(response.Body);
        return 0;
    }
}
