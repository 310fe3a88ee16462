namespace Berth.Engine.Events;

/// <summary>Which events a client asked for.</summary>
public sealed class EventFilter
{
    private readonly Filters _filters;

    public EventFilter(Filters filters)
    {
        filters.Validate(
            "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin", "scope", "secret", "service",
            "type", "volume");
        _filters = filters;
    }

    public bool Includes(EngineEvent e) =>
        _filters.Matches("event", wanted => wanted == e.Action || (HasDetail(wanted) && e.Action.StartsWith(wanted, StringComparison.Ordinal)))
        && _filters.Matches("type", e.Type)
        && _filters.Matches("scope", "local")
        && IncludesActor(e, "daemon")
        && IncludesActor(e, "container")
        && IncludesActor(e, "plugin")
        && IncludesActor(e, "volume")
        && IncludesActor(e, "network")
        && IncludesActor(e, "node")
        && IncludesActor(e, "service")
        && IncludesActor(e, "secret")
        && IncludesActor(e, "config")
        && IncludesImage(e)
        && _filters.MatchesLabels("label", e.Attributes);

    /// <summary>These actions carry a detail behind a colon, as in <c>exec_start: /bin/sh</c>, that a client need not know.</summary>
    private static bool HasDetail(string action) => action is "health_status" or "exec_create" or "exec_start";

    /// <summary>A name or the beginning of an id or name.</summary>
    private bool IncludesActor(EngineEvent e, string type) =>
        _filters.Matches(type, wanted =>
            e.ActorId.StartsWith(wanted, StringComparison.Ordinal)
            || (e.Attributes.TryGetValue("name", out var name) && name.StartsWith(wanted, StringComparison.Ordinal)));

    /// <summary>The image that the event is about, or the image of its container; with its tag or without.</summary>
    private bool IncludesImage(EngineEvent e)
    {
        var name = e.Attributes.TryGetValue(e.Type == "image" ? "name" : "image", out var value) ? value : "";
        return _filters.Matches("image", wanted =>
            wanted == e.ActorId || wanted == name || wanted == WithoutTag(e.ActorId) || wanted == WithoutTag(name));
    }

    private static string WithoutTag(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        image = at < 0 ? image : image[..at];
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[..colon] : image;
    }
}
