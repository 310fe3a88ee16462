using Berth.Daemon.Server;
using Berth.Engine;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>Checkpoints: an experiment of Docker's that this engine does not have, refused as a dockerd refuses whose experiments are off.</summary>
static class Checkpoints
{
    public static void Map(Routes routes)
    {
        routes.Get("/containers/{name...}/checkpoints", Refuse);
        routes.Post("/containers/{name...}/checkpoints", Refuse);
        routes.Delete("/containers/{name}/checkpoints/{checkpoint}", Refuse);
    }

    /// <exception cref="EngineException">A start is to be from a checkpoint.</exception>
    public static void CheckStart(ApiRequest request)
    {
        if (!string.IsNullOrEmpty(request.Query("checkpoint")))
        {
            throw new EngineException(ErrorKind.InvalidParameter, "checkpoint is only supported in experimental mode");
        }
    }

    private static Task Refuse(ApiRequest request) => throw new EngineException(
        ErrorKind.NotImplemented,
        "This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to enable it.");
}
