using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class RemoveCommand : Command
{
    private readonly Flag<bool> _force;
    private readonly Flag<bool> _link;
    private readonly Flag<bool> _volumes;

    public RemoveCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _force = Flags.Bool("force", 'f', "Force the removal of a running container (uses SIGKILL)");
        _link = Flags.Bool("link", 'l', "Remove the specified link");
        _volumes = Flags.Bool("volumes", 'v', "Remove anonymous volumes associated with the container");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        try
        {
            return ContainerTargets.Each(session, [.. arguments.Select(Name)], container => new HttpRequest("DELETE", Target(container)));
        }
        catch (CommandException missing) when (_force.Value && missing.Message.Split('\n').All(line => line.Contains("No such container", StringComparison.Ordinal)))
        {
            // Forced removal of what is not there is said, and is no failure.
            session.Warn(missing.Message);
            return 0;
        }
    }

    private string Target(string container) =>
        // A link is named container/alias: its slash stays in the path.
        new QueryString($"/containers/{string.Join('/', container.Split('/').Select(QueryString.Escape))}")
            .AddIf(_force.Value, "force").AddIf(_link.Value, "link").AddIf(_volumes.Value, "v").ToString();

    private static string Name(string text) => text.Trim('/') is { Length: > 0 } name
        ? name
        : throw new CommandException("container name cannot be empty");
}
