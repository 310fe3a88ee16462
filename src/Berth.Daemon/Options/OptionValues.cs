using System.Globalization;
using Berth.Images.Registry;

namespace Berth.Daemon.Options;

/// <summary>What flags or daemon.json say, before it is made sense of: texts by option.</summary>
sealed class OptionValues
{
    private readonly Dictionary<string, List<string>> _values = [];
    private readonly Dictionary<string, string> _places = [];

    /// <summary>The options that something was said of, in the order of their keys.</summary>
    public IEnumerable<DaemonOption> Given =>
        DaemonOptionTable.All.Where(o => _values.ContainsKey(o.Name)).OrderBy(o => o.FileKey, StringComparer.Ordinal);

    /// <summary>Adds to a list or map; of other options the last value counts.</summary>
    public void Add(DaemonOption option, string value)
    {
        if (!_values.TryGetValue(option.Name, out var values))
        {
            _values.Add(option.Name, values = []);
        }

        if (option.Kind is not (OptionKind.List or OptionKind.Map))
        {
            values.Clear();
        }

        values.Add(value);
    }

    /// <summary>Notes where an option was given, for messages; without, it is its flag.</summary>
    public void SetPlace(DaemonOption option, string place) => _places[option.Name] = place;

    public string PlaceOf(DaemonOption option) => _places.TryGetValue(option.Name, out var place) ? place : $"--{option.Name}";

    /// <summary>Notes that an empty list or object was given.</summary>
    public void AddNothing(DaemonOption option) => _values.TryAdd(option.Name, []);

    /// <summary>These values and those, of which no option has both.</summary>
    public OptionValues Join(OptionValues other)
    {
        var joined = new OptionValues();
        foreach (var (name, values) in _values.Concat(other._values))
        {
            joined._values.Add(name, values);
        }

        foreach (var (name, place) in _places.Concat(other._places))
        {
            joined._places.Add(name, place);
        }

        return joined;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>Null where nothing was said.</summary>
    public bool? Flag(string name) => Text(name) is { } text ? text == "true" : null;

    public int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public IReadOnlyList<string> List(string name) => _values.TryGetValue(name, out var values) ? values : [];

    public Dictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>();
        foreach (var entry in List(name))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            map[equals < 0 ? entry : entry[..equals]] = equals < 0 ? "" : entry[(equals + 1)..];
        }

        return map;
    }

    /// <summary>A value as Go prints it, for messages.</summary>
    public string Shown(DaemonOption option) => option.Kind switch
    {
        OptionKind.List => $"[{string.Join(' ', List(option.Name))}]",
        OptionKind.Map => "map["
            + string.Join(' ', Map(option.Name).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}:{e.Value}"))
            + "]",
        _ => option.Name.EndsWith("-proxy", StringComparison.Ordinal) ? ProxySettings.Masked(Text(option.Name) ?? "") : Text(option.Name) ?? "",
    };
}
