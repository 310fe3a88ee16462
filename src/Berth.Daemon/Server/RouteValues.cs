namespace Berth.Daemon.Server;

/// <summary>The values of a route's named places.</summary>
sealed class RouteValues
{
    public static RouteValues None { get; } = new([]);

    private readonly (string Name, string Value)[] _values;

    private RouteValues((string Name, string Value)[] values) => _values = values;

    public bool AnyEmpty => Array.Exists(_values, v => v.Value.Length == 0);

    public string this[string name] => Array.Find(_values, v => v.Name == name).Value
        ?? throw new ArgumentException($"the route has no place named {name}", nameof(name));

    public RouteValues With(string name, string value) => new([.. _values, (name, value)]);
}
