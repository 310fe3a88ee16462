using System.Net;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class RemoveCommand : Command
{
    private readonly Flag<bool> _force;
    private readonly Flag<bool> _noPrune;
    private readonly ListFlag<string> _platform;

    public RemoveCommand()
        : base("[OPTIONS] IMAGE [IMAGE...]", ArgumentCount.AtLeast(1))
    {
        _force = Flags.Bool("force", 'f', "Force removal of the image");
        _noPrune = Flags.Bool("no-prune", null, "Do not delete untagged parents");
        _platform = Flags.List(
            "platform", null, "Remove only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")", type: "strings");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var failures = new List<DaemonException>();
        foreach (var image in arguments)
        {
            try
            {
                Remove(session, image);
            }
            catch (DaemonException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count == 0)
        {
            return 0;
        }

        var text = string.Join('\n', failures.Select(failure => failure.Message));
        if (_force.Value && failures.TrueForAll(failure => failure.Status == HttpStatusCode.NotFound))
        {
            session.Warn(text);
            return 0;
        }

        throw new CommandException(text);
    }

    private void Remove(Session session, string image)
    {
        var query = new QueryString($"/images/{QueryString.Escape(image)}").AddIf(_force.Value, "force").AddIf(_noPrune.Value, "noprune");
        foreach (var platform in _platform.Values.SelectMany(value => value.Split(',')))
        {
            query.Add("platforms", PlatformOption.ToJson(platform));
        }

        using var response = session.Daemon.Send(new HttpRequest("DELETE", query.ToString()));
        using var removed = JsonDocument.Parse(session.Daemon.Finish(response));
        foreach (var step in removed.RootElement.EnumerateArray())
        {
            foreach (var change in step.EnumerateObject().Where(change => change.Value.GetString() is { Length: > 0 }))
            {
                session.Out.WriteLine($"{change.Name}: {change.Value.GetString()}");
            }
        }
    }
}
