using Berth.Daemon.Server;
using Berth.Engine;

namespace Berth.Daemon.Endpoints.System;

/// <summary>Paths of the Engine API that nothing serves yet: each says so, as a client would take "page not found" for another API.</summary>
static class NotYet
{
    private static readonly (string Method, string Path, string What)[] _paths =
    [
        ("POST", "/build", "building images"),
        ("POST", "/build/cancel", "building images"),
        ("POST", "/session", "building images"),
        ("POST", "/grpc", "building images"),
        ("GET", "/images/{name...}/attestations", "showing attestations of images"),
        ("POST", "/volumes/create", "creating volumes"),
        ("DELETE", "/volumes/{name}", "removing volumes"),
        ("GET", "/plugins/privileges", "plugins"),
        ("POST", "/plugins/pull", "plugins"),
        ("POST", "/plugins/create", "plugins"),
        ("DELETE", "/plugins/{name...}", "plugins"),
        ("POST", "/plugins/{name...}/enable", "plugins"),
        ("POST", "/plugins/{name...}/disable", "plugins"),
        ("POST", "/plugins/{name...}/upgrade", "plugins"),
        ("POST", "/plugins/{name...}/push", "plugins"),
        ("POST", "/plugins/{name...}/set", "plugins"),
    ];

    public static void Map(Routes routes)
    {
        foreach (var (method, path, what) in _paths)
        {
            Endpoint refuse = _ => throw new EngineException(ErrorKind.NotImplemented, $"not implemented: {what}");
            switch (method)
            {
                case "GET":
                    routes.Get(path, refuse);
                    break;
                case "POST":
                    routes.Post(path, refuse);
                    break;
                default:
                    routes.Delete(path, refuse);
                    break;
            }
        }

        // A look at what is not there is no fault: `inspect` asks for plugins too, before it says that nothing has the name.
        routes.Get("/plugins/{name...}/json", request => throw new EngineException(
            ErrorKind.NotFound, $"plugin \"{request.Path("name")}\" not found"));

        // Docker's answer where there is no swarm.
        routes.Put("/volumes/{name}", _ => throw new EngineException(
            ErrorKind.Unavailable, "volume update only valid for cluster volumes, but swarm is unavailable"));
    }
}
