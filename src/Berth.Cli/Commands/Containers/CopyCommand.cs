using Berth.Cli.CommandLine;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

sealed class CopyCommand : Command
{
    private readonly Flag<bool> _archive;
    private readonly Flag<bool> _followLink;
    private readonly Flag<bool> _quiet;

    public CopyCommand()
        : base("[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tberth cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH", ArgumentCount.Exactly(2))
    {
        _archive = Flags.Bool("archive", 'a', "Archive mode (copy all uid/gid information)");
        _followLink = Flags.Bool("follow-link", 'L', "Always follow symbol link in SRC_PATH");
        _quiet = Flags.Bool("quiet", 'q', "Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (arguments[0].Length == 0)
        {
            throw new CommandException("source can not be empty");
        }

        if (arguments[1].Length == 0)
        {
            throw new CommandException("destination can not be empty");
        }

        var (from, source) = Split(arguments[0]);
        var (to, destination) = Split(arguments[1]);
        var quiet = _quiet.IsSet ? _quiet.Value : !StandardTerminal.Is(StandardDescriptor.Output);
        switch (from, to)
        {
            case ({ }, { }):
                throw new CommandException("copying between containers is not supported");
            case ({ } container, null):
                new CopyFromContainer(session, container, quiet).Run(source, destination, _followLink.Value, _archive.Value);
                return 0;
            case (null, { } container):
                new CopyToContainer(session, container, quiet).Run(source, destination, _followLink.Value, _archive.Value);
                return 0;
            default:
                throw new CommandException("must specify at least one container source");
        }
    }

    /// <summary>A container and a path in it; no container where the path is absolute, or says by a dot at its start that it is a local one.</summary>
    private static (string? Container, string Path) Split(string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || argument[0] is '/' or '.' ? (null, argument) : (argument[..colon], argument[(colon + 1)..]);
    }
}
