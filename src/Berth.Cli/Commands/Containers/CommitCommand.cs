using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

sealed class CommitCommand : Command
{
    private readonly Flag<string> _author;
    private readonly ListFlag<string> _change;
    private readonly Flag<string> _message;
    private readonly Flag<bool> _pause;

    public CommitCommand()
        : base("[OPTIONS] CONTAINER [REPOSITORY[:TAG]]", new ArgumentCount(1, 2))
    {
        _author = Flags.String("author", 'a', "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
        _change = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _message = Flags.String("message", 'm', "Commit message");
        _pause = Flags.Bool("pause", 'p', "Pause container during commit", initial: true);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var target = new QueryString("/commit").Add("container", arguments[0]);
        if (arguments.Count > 1)
        {
            var name = ImageName.Parse(arguments[1]);
            target.Add("repo", name.Repository).AddNonEmpty("tag", name.Tag);
        }

        target.AddNonEmpty("comment", _message.Value).AddNonEmpty("author", _author.Value).AddIf(!_pause.Value, "pause", "0");
        _change.Values.ForEach(change => target.Add("changes", change));
        using var response = session.Daemon.Post(target.ToString());
        session.Out.WriteLine(session.Daemon.Read(response, ContainerJson.Default.CommitResponse).Id);
        return 0;
    }
}
