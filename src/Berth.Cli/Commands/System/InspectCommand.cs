using System.Net;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.System;

/// <summary>Finds an object of any kind by its name.</summary>
sealed class InspectCommand : Command
{
    private static readonly (string Kind, string Before, string After, string GoType)[] _kinds =
    [
        ("container", "/containers/", "/json", "container.InspectResponse"),
        ("image", "/images/", "/json", "image.InspectResponse"),
        ("network", "/networks/", "", "network.Inspect"),
        ("volume", "/volumes/", "", "volume.Volume"),
    ];

    private readonly Flag<string> _format;
    private readonly Flag<bool> _size;
    private readonly Flag<string> _type;

    public InspectCommand()
        : base("[OPTIONS] NAME|ID [NAME|ID...]", ArgumentCount.AtLeast(1))
    {
        _format = FormatOption.Declare(Flags);
        _size = Flags.Bool("size", 's', "Display total file sizes if the type is container");
        _type = Flags.String("type", null, "Only inspect objects of the given type");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_type.IsSet && _type.Value.Length == 0)
        {
            throw new CommandException("type is empty: must be one of \"container\", \"image\", \"network\", \"volume\"");
        }

        var kinds = _kinds.Where(kind => _type.Value.Length == 0 || kind.Kind == _type.Value).ToList();
        return kinds.Count > 0
            ? Inspection.Print(session, arguments, _format.Value, name => Find(session, kinds, name))
            : throw new CommandException($"unknown type: {GoText.Quote(_type.Value)}: must be one of \"container\", \"image\", \"network\", \"volume\"");
    }

    private (byte[] Json, string GoType) Find(Session session, List<(string Kind, string Before, string After, string GoType)> kinds, string name)
    {
        foreach (var (kind, before, after, type) in kinds)
        {
            try
            {
                return (session.Daemon.GetBytes(
                    new QueryString(before + QueryString.Escape(name) + after).AddIf(_size.Value && kind == "container", "size").ToString()), type);
            }
            catch (DaemonException other) when (other.Status is HttpStatusCode.NotFound && _type.Value.Length == 0)
            {
                // It may be of another kind.
            }
        }

        throw new CommandException($"Error: No such object: {name}");
    }
}
