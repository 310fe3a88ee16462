using System.Text.Json;

namespace Berth.Engine;

/// <summary>What a list, prune or event stream is narrowed to: names with the values that a client gave for each.</summary>
public sealed class Filters
{
    public static Filters None { get; } = new([]);

    private readonly Dictionary<string, List<string>> _values;

    private Filters(Dictionary<string, List<string>> values) => _values = values;

    public bool IsEmpty => _values.Count == 0;

    /// <summary>
    /// Reads the query parameter in both its forms: {"name": ["a", "b"]} and the older {"name": {"a": true, "b": true}}.
    /// </summary>
    public static Filters Parse(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return new Filters(document.RootElement.EnumerateObject().ToDictionary(
                filter => filter.Name,
                filter => (filter.Value.ValueKind == JsonValueKind.Array
                    ? filter.Value.EnumerateArray().Select(v => v.GetString() ?? "")
                    : filter.Value.EnumerateObject().Where(v => v.Value.GetBoolean()).Select(v => v.Name)).ToList()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "invalid filter", e);
        }
    }

    /// <summary>Refuses every name that is not among <paramref name="accepted"/>.</summary>
    public void Validate(params ReadOnlySpan<string> accepted)
    {
        foreach (var name in _values.Keys)
        {
            if (!accepted.Contains(name))
            {
                throw new EngineException(ErrorKind.InvalidParameter, $"invalid filter '{name}'");
            }
        }
    }

    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>The values of a filter; none where it was not given.</summary>
    public IReadOnlyList<string> Get(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>True where the filter was not given, or one of its values is exactly this one.</summary>
    public bool Matches(string name, string value) => Matches(name, v => v == value);

    /// <summary>True where the filter was not given, or one of its values fulfils the condition.</summary>
    public bool Matches(string name, Func<string, bool> condition) =>
        !_values.TryGetValue(name, out var values) || values.Count == 0 || values.Exists(v => condition(v));

    /// <summary>True where every value of the filter, "key" or "key=value", is among the labels.</summary>
    public bool MatchesLabels(string name, IReadOnlyDictionary<string, string>? labels) =>
        Get(name).All(wanted =>
        {
            var equals = wanted.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? wanted : wanted[..equals];
            return labels is not null && labels.TryGetValue(key, out var value) && (equals < 0 || value == wanted[(equals + 1)..]);
        });

    /// <summary>The one truth value of a filter; null where it was not given.</summary>
    public bool? GetBoolean(string name)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            return null;
        }

        var isTrue = values.Exists(v => v is "1" or "true");
        var isFalse = values.Exists(v => v is "0" or "false");
        return isTrue != isFalse
            ? isTrue
            : throw new EngineException(ErrorKind.InvalidParameter, $"invalid filter '{name}=[{string.Join(' ', values)}]'");
    }
}
