using System.Globalization;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.System;

sealed class EventsCommand : Command
{
    private const string MessageType = "*events.Message";
    private const string WrongFormat = "Error parsing format";

    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<string> _format;
    private readonly Flag<string> _since;
    private readonly Flag<string> _until;

    public EventsCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _filter = FilterOption.Declare(Flags);
        _format = FormatOption.Declare(Flags, shorthand: null);
        _since = Flags.String("since", null, "Show all events created since timestamp");
        _until = Flags.String("until", null, "Stream events until this timestamp");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var now = session.Time.GetUtcNow();
        var template = Template();
        using var response = session.Daemon.Get(new QueryString("/events")
            .AddNonEmpty("since", TimestampOption.Parse(_since.Value, now))
            .AddNonEmpty("until", TimestampOption.Parse(_until.Value, now))
            .AddNonEmpty("filters", FilterOption.ToJson(_filter.Values)).ToString());
        foreach (var message in ProgressMessages.Read(response.Body))
        {
            session.Out.WriteLine(template is null ? Line(message) : template.Execute(GoJsonReader.Read(message, MessageType)));
            session.Out.Flush();
        }

        return 0;
    }

    /// <summary>The user's template; it is tried over a message that says nothing, before the daemon is asked.</summary>
    private Template? Template()
    {
        if (_format.Value.Length == 0)
        {
            return null;
        }

        var template = Listing.Parse(_format.Value == "json" ? "{{json .}}" : _format.Value, WrongFormat);
        try
        {
            template.Execute(GoValue.PointerTo(GoValue.Zero(GoType.Of(MessageType[1..]))));
            return template;
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"{WrongFormat}: {wrong.Message}", Listing.WrongTemplate);
        }
    }

    private static string Line(JsonElement message)
    {
        var nanoseconds = message.Number("timeNano");
        var (time, fraction) = nanoseconds != 0
            ? (DateTimeOffset.FromUnixTimeSeconds(nanoseconds / 1_000_000_000), nanoseconds % 1_000_000_000)
            : (DateTimeOffset.FromUnixTimeSeconds(message.Number("time")), 0);
        var stamp = GoTime.Rfc3339(time);
        var actor = message.TryGetProperty("Actor", out var known) ? known : default;
        var attributes = actor.ValueKind == JsonValueKind.Object
            ? actor.Members("Attributes").OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}").ToList()
            : [];
        // The fraction of a second stands before the zone.
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{stamp[..19]}.{fraction:000000000}{stamp[19..]} {message.Text("Type")} {message.Text("Action")} {(actor.ValueKind == JsonValueKind.Object ? actor.Text("ID") : "")}");
        return attributes.Count > 0 ? $"{line} ({string.Join(", ", attributes)})" : line;
    }
}
