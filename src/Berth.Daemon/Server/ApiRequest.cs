using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Server;

/// <summary>
/// One request, with what an endpoint needs of it: the version, the route's and the query's values, bodies in and out. Several
/// files: query, reading, replying, hijacking.
/// </summary>
/// <param name="http">Kestrel's view of it.</param>
/// <param name="version">The API version that the client speaks.</param>
/// <param name="values">The values of the route's places.</param>
/// <param name="lifetime">How long it may take.</param>
sealed partial class ApiRequest(HttpContext http, ApiVersion version, RouteValues values, RequestLifetime lifetime)
{
    public ApiVersion Version => version;

    /// <summary>Cancelled when the client goes away or the daemon ends. Pass it on, except to what must be finished anyway.</summary>
    public CancellationToken Aborted => lifetime.Aborted;

    /// <summary>The part of the path that the route calls so.</summary>
    public string Path(string name) => values[name];

    /// <summary>A header's value; empty where it is absent.</summary>
    public string Header(string name) => http.Request.Headers[name].ToString();
}
