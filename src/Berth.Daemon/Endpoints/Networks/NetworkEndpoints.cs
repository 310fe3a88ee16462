using Berth.Api.Networks;
using Berth.Daemon.Server;
using Berth.Engine.Networks;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>The endpoints about networks.</summary>
static class NetworkEndpoints
{
    public static void Map(Routes routes, NetworkService networks)
    {
        routes.Get("/networks", r => r.ReplyAsync(networks.List(r.QueryFilters()), NetworkJson.Default.IReadOnlyListNetworkInspect));
        routes.Get("/networks/", r => r.ReplyAsync(networks.List(r.QueryFilters()), NetworkJson.Default.IReadOnlyListNetworkInspect));
        routes.Get("/networks/{id}", r => r.ReplyAsync(networks.Inspect(r.Path("id")), NetworkJson.Default.NetworkInspect));
        routes.Delete("/networks/{id}", r => throw networks.Removal(r.Path("id")));
        routes.Post("/networks/prune", r => r.ReplyAsync(new PruneNetworksResponse(), NetworkJson.Default.PruneNetworksResponse));
        routes.Post("/networks/create", _ => throw NetworkErrors.NotImplemented("creating networks"));
        routes.Post("/networks/{id}/connect", _ => throw NetworkErrors.NotImplemented("connecting a container to a further network"));
        routes.Post("/networks/{id}/disconnect", _ => throw NetworkErrors.NotImplemented("disconnecting a container from its network"));
    }
}
