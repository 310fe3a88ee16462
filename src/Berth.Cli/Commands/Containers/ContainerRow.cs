using System.Globalization;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.Containers;

/// <summary>A container in the listing.</summary>
/// <param name="container">As the daemon tells of it: of hundreds with all their members, a few are shown.</param>
/// <param name="now">What its age is told by.</param>
/// <param name="truncate">Long values are cut.</param>
sealed class ContainerRow(JsonElement container, DateTimeOffset now, bool truncate) : Row
{
    private const int ShortCommand = 20;
    private const int ShortMount = 15;

    private static readonly (string Field, string Title)[] _columns =
    [
        ("Command", "COMMAND"), ("CreatedAt", "CREATED AT"), ("ID", "CONTAINER ID"), ("Image", "IMAGE"), ("Labels", "LABELS"),
        ("LocalVolumes", "LOCAL VOLUMES"), ("Mounts", "MOUNTS"), ("Names", "NAMES"), ("Networks", "NETWORKS"), ("Platform", "PLATFORM"),
        ("Ports", "PORTS"), ("RunningFor", "CREATED"), ("Size", "SIZE"), ("State", "STATE"), ("Status", "STATUS"),
    ];

    public static ContainerRow Example => new(Nothing.RootElement, default, true);

    private static JsonDocument Nothing { get; } = JsonDocument.Parse("{}");

    /// <summary>Somebody asked for the size.</summary>
    public bool SizeAsked { get; private set; }

    public override string TypeName => "*formatter.ContainerContext";

    public override IReadOnlyList<(string Field, string Title)> Columns => _columns;

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(container.Number("Created"));

    public override string Value(string field) => field switch
    {
        "ID" => truncate ? ShortId.Of(container.Text("Id")) : container.Text("Id"),
        "Names" => Names(),
        "Image" => Image(container.Text("Image"), container.Text("ImageID")),
        "Command" => GoText.Quote(truncate ? Ellipsis(container.Text("Command"), ShortCommand) : container.Text("Command")),
        "CreatedAt" => GoTime.Local(Created),
        "RunningFor" => HumanDuration.Of(now - Created) + " ago",
        "Ports" => PortList.Of([.. container.Items("Ports").Select(Port)]),
        "State" => container.Text("State"),
        "Status" => container.Text("Status"),
        "Size" => Size(),
        "Labels" => string.Join(',', container.Members("Labels")
            .OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}={label.Value.GetString()}")),
        "Mounts" => string.Join(',', container.Items("Mounts").Select(MountName)),
        "LocalVolumes" => container.Items("Mounts").Count(mount => mount.Text("Driver") == "local").ToString(CultureInfo.InvariantCulture),
        "Networks" => container.TryGetProperty("NetworkSettings", out var settings)
            ? string.Join(',', settings.Members("Networks").Select(network => network.Name).Order(StringComparer.Ordinal))
            : "",
        _ => "",
    };

    public override GoFunction? Method(string name) => name == "Label"
        ? new GoFunction([GoType.String], IsVariadic: false, arguments => GoValue.Of(Label((string)arguments[0].Data!)))
        : base.Method(name);

    /// <summary>A container's platform is a value of its own, which prints as text.</summary>
    protected override GoValue Get(string field) => field == "Platform"
        ? GoJsonReader.Read(GoJsonReader.Member(GoJsonReader.Member(container, "ImageManifestDescriptor"), "platform"), "*formatter.Platform")
        : base.Get(field);

    private string Label(string name) =>
        container.Members("Labels").Where(label => label.NameEquals(name)).Select(label => label.Value.GetString()).FirstOrDefault() ?? "";

    private string Names()
    {
        var names = container.Texts("Names").Select(name => name.TrimStart('/'));
        // A name with a slash is a link of another container's.
        return string.Join(',', truncate ? names.Where(name => !name.Contains('/', StringComparison.Ordinal)) : names);
    }

    private string Image(string image, string fullId)
    {
        if (image.Length == 0)
        {
            return "<no image>";
        }

        if (!truncate)
        {
            return image;
        }

        var id = fullId[(fullId.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return image == fullId || image == id ? ShortId.Of(id) : image;
    }

    private string Size()
    {
        SizeAsked = true;
        var written = HumanSize.Of(container.Number("SizeRw"), 3);
        return container.Number("SizeRootFs") is > 0 and var all ? $"{written} (virtual {HumanSize.Of(all, 3)})" : written;
    }

    private string MountName(JsonElement mount)
    {
        var name = mount.Text("Name") is { Length: > 0 } given ? given : mount.Text("Source");
        return truncate ? Ellipsis(name, ShortMount) : name;
    }

    private static PortSummary Port(JsonElement port) => new()
    {
        IP = port.Text("IP") is { Length: > 0 } address ? address : null,
        PrivatePort = (ushort)port.Number("PrivatePort"),
        PublicPort = (ushort)port.Number("PublicPort"),
        Type = port.Text("Type"),
    };

    private static string Ellipsis(string text, int length) => text.Length > length ? text[..(length - 1)] + "…" : text;
}
