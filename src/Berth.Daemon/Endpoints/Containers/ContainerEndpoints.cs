using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>The endpoints of containers.</summary>
static class ContainerEndpoints
{
    public static void Map(Routes routes, ContainerService containers)
    {
        routes.Post("/containers/create", r => CreateContainer.HandleAsync(r, containers));
        routes.Post("/containers/prune", r => PruneContainers.HandleAsync(r, containers));
        routes.Post("/volumes/prune", r => PruneVolumes.HandleAsync(r, containers));
        routes.Get("/containers/json", r => ListContainers.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/json", r => InspectContainer.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/logs", r => ContainerLogs.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/archive", r => ContainerArchiveEndpoint.GetAsync(r, containers));
        routes.Head("/containers/{name...}/archive", r => ContainerArchiveEndpoint.StatAsync(r, containers));
        routes.Put("/containers/{name...}/archive", r => ContainerArchiveEndpoint.PutAsync(r, containers));
        routes.Get("/containers/{name...}/changes", r => ContainerChanges.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/export", r => ExportContainer.HandleAsync(r, containers));
        routes.Post("/commit", r => CommitContainer.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/stats", r => ContainerStatsEndpoint.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/top", r => TopContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/update", r => UpdateContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/attach", r => AttachContainer.HandleAsync(r, containers));
        routes.Get("/containers/{name...}/attach/ws", r => AttachWebSocket.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/start", r => StartContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/stop", r => StopContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/kill", r => KillContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/restart", r => RestartContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/wait", r => WaitContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/resize", r => ResizeContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/rename", r => RenameContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/pause", r => PauseContainer.HandleAsync(r, containers));
        routes.Post("/containers/{name...}/unpause", r => UnpauseContainer.HandleAsync(r, containers));
        Checkpoints.Map(routes);
        routes.Delete("/containers/{name...}", r => RemoveContainer.HandleAsync(r, containers));
    }
}
