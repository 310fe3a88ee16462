using Berth.Daemon.Server;
using Berth.Engine;

namespace Berth.Daemon.Endpoints.System;

/// <summary>Everything of swarm mode: this engine is never part of one, and says so in the words that clients look for.</summary>
static class Swarm
{
    private const string NotManager =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    public static void Map(Routes routes)
    {
        foreach (var noun in (ReadOnlySpan<string>)["swarm", "services", "nodes", "tasks", "secrets", "configs"])
        {
            foreach (var path in (ReadOnlySpan<string>)[$"/{noun}", $"/{noun}/{{rest...}}"])
            {
                routes.Get(path, Refuse);
                routes.Post(path, Refuse);
                routes.Delete(path, Refuse);
            }
        }
    }

    public static Task Leave(ApiRequest request) =>
        throw new EngineException(ErrorKind.Unavailable, "This node is not part of a swarm");

    public static Task Enter(ApiRequest request) =>
        throw new EngineException(ErrorKind.NotImplemented, "not implemented: swarm mode");

    private static Task Refuse(ApiRequest request) => throw new EngineException(ErrorKind.Unavailable, NotManager);
}
