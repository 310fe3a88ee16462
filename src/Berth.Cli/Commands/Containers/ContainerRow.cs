using System.Globalization;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Containers;

/// <summary>A container in the listing.</summary>
sealed class ContainerRow(ContainerSummary container, DateTimeOffset now, bool truncate) : Row
{
    private const int ShortId = 12;
    private const int ShortCommand = 20;
    private const int ShortMount = 15;

    public static ContainerRow Example { get; } = new(
        new ContainerSummary
        {
            Id = "",
            Names = [],
            Image = "",
            ImageID = "",
            Command = "",
            Created = 0,
            Ports = [],
            Labels = new Dictionary<string, string>(),
            State = "",
            Status = "",
            HostConfig = new(),
            NetworkSettings = new() { Networks = new Dictionary<string, EndpointSettings>() },
            Mounts = [],
        },
        default,
        true);

    public override string GoType => "*formatter.ContainerContext";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
    [
        ("Command", "COMMAND"), ("CreatedAt", "CREATED AT"), ("ID", "CONTAINER ID"), ("Image", "IMAGE"), ("Labels", "LABELS"),
        ("LocalVolumes", "LOCAL VOLUMES"), ("Mounts", "MOUNTS"), ("Names", "NAMES"), ("Networks", "NETWORKS"), ("Platform", "PLATFORM"),
        ("Ports", "PORTS"), ("RunningFor", "CREATED"), ("Size", "SIZE"), ("State", "STATE"), ("Status", "STATUS"),
    ];

    public override string Value(string field) => field switch
    {
        "ID" => truncate ? Cut(container.Id, ShortId) : container.Id,
        "Names" => Names(),
        "Image" => Image(),
        "Command" => GoText.Quote(truncate ? Ellipsis(container.Command, ShortCommand) : container.Command),
        "CreatedAt" => GoTime.Local(DateTimeOffset.FromUnixTimeSeconds(container.Created)),
        "RunningFor" => HumanDuration.Of(now - DateTimeOffset.FromUnixTimeSeconds(container.Created)) + " ago",
        "Ports" => PortList.Of(container.Ports ?? []),
        "State" => container.State,
        "Status" => container.Status,
        "Size" => Size(),
        "Labels" => string.Join(',', (container.Labels ?? new Dictionary<string, string>())
            .OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")),
        "Mounts" => string.Join(',', container.Mounts.Select(mount => MountName(mount))),
        "LocalVolumes" => container.Mounts.Count(mount => mount.Driver == "local").ToString(CultureInfo.InvariantCulture),
        "Networks" => string.Join(',', container.NetworkSettings.Networks.Keys.Order(StringComparer.Ordinal)),
        _ => "",
    };

    public override bool TryCall(string method, IReadOnlyList<object?> arguments, out object? result)
    {
        result = method == "Label" && arguments is [string name]
            ? container.Labels?.GetValueOrDefault(name) ?? ""
            : null;
        return result is not null;
    }

    private string Names()
    {
        var names = (container.Names ?? []).Select(name => name.TrimStart('/'));
        // A name with a slash is a link of another container's.
        return string.Join(',', truncate ? names.Where(name => !name.Contains('/', StringComparison.Ordinal)) : names);
    }

    private string Image()
    {
        if (container.Image.Length == 0)
        {
            return "<no image>";
        }

        if (!truncate)
        {
            return container.Image;
        }

        var id = container.ImageID[(container.ImageID.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return container.Image == container.ImageID || container.Image == id ? Cut(id, ShortId) : container.Image;
    }

    private string Size()
    {
        var written = HumanSize.Of(container.SizeRw, 3);
        return container.SizeRootFs > 0 ? $"{written} (virtual {HumanSize.Of(container.SizeRootFs, 3)})" : written;
    }

    private string MountName(MountPoint mount)
    {
        var name = string.IsNullOrEmpty(mount.Name) ? mount.Source : mount.Name;
        return truncate ? Ellipsis(name, ShortMount) : name;
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;

    private static string Ellipsis(string text, int length) => text.Length > length ? text[..(length - 1)] + "…" : text;
}
