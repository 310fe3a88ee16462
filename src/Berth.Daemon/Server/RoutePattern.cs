namespace Berth.Daemon.Server;

/// <summary>
/// A path with named places: <c>/containers/{name}/kill</c>. A place takes one segment; written <c>{name...}</c> it takes one or
/// more, as names of images and of legacy links have slashes in them. A pattern has at most one of the latter kind.
/// </summary>
sealed class RoutePattern
{
    private readonly string[] _segments;
    private readonly int _wide;

    public RoutePattern(string pattern)
    {
        _segments = pattern[1..].Split('/');
        _wide = Array.FindIndex(_segments, s => s.EndsWith("...}", StringComparison.Ordinal));
    }

    /// <summary>The first segment, always a literal: routes are looked up by it.</summary>
    public string First => _segments[0];

    /// <summary>Compares with a path's segments; null where they do not match, otherwise the named values.</summary>
    public RouteValues? Match(string[] path)
    {
        var extra = path.Length - _segments.Length;
        if (extra < 0 || (extra > 0 && _wide < 0))
        {
            return null;
        }

        var values = RouteValues.None;
        for (int i = 0, at = 0; i < _segments.Length; i++)
        {
            var segment = _segments[i];
            if (i == _wide)
            {
                values = values.With(segment[1..^4], string.Join('/', path, at, extra + 1));
                at += extra + 1;
            }
            else if (segment is ['{', ..])
            {
                values = values.With(segment[1..^1], path[at++]);
            }
            else if (segment != path[at++])
            {
                return null;
            }
        }

        return values.AnyEmpty ? null : values;
    }
}
