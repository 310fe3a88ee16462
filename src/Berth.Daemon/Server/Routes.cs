namespace Berth.Daemon.Server;

/// <summary>Answers one request.</summary>
delegate Task Endpoint(ApiRequest request);

/// <summary>
/// The table of endpoints. Among routes that match a path the one registered first wins. A small table of our own, because
/// ASP.NET's router costs a cold start more than all the rest of the daemon does.
/// </summary>
sealed class Routes
{
    private readonly Dictionary<string, List<(string Method, RoutePattern Pattern, Endpoint Endpoint)>> _routes = [];

    public void Get(string pattern, Endpoint endpoint) => Add("GET", pattern, endpoint);

    public void Head(string pattern, Endpoint endpoint) => Add("HEAD", pattern, endpoint);

    public void Post(string pattern, Endpoint endpoint) => Add("POST", pattern, endpoint);

    public void Put(string pattern, Endpoint endpoint) => Add("PUT", pattern, endpoint);

    public void Delete(string pattern, Endpoint endpoint) => Add("DELETE", pattern, endpoint);

    /// <summary>Finds the endpoint of a path without version prefix, such as /containers/json.</summary>
    public (Endpoint Endpoint, RouteValues Values)? Find(string method, ReadOnlySpan<char> path)
    {
        if (path is [] or [not '/', ..])
        {
            return null;
        }

        var segments = path[1..].ToString().Split('/');
        if (!_routes.TryGetValue(segments[0], out var candidates))
        {
            return null;
        }

        foreach (var route in candidates)
        {
            if (route.Method == method && route.Pattern.Match(segments) is { } values)
            {
                return (route.Endpoint, values);
            }
        }

        return null;
    }

    private void Add(string method, string path, Endpoint endpoint)
    {
        var pattern = new RoutePattern(path);
        if (!_routes.TryGetValue(pattern.First, out var routes))
        {
            _routes.Add(pattern.First, routes = []);
        }

        routes.Add((method, pattern, endpoint));
    }
}
