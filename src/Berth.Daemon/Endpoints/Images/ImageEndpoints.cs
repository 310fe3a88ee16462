using Berth.Api.Images;
using Berth.Daemon.Life;
using Berth.Daemon.Server;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>The endpoints of images. Names have slashes, hence the wide places.</summary>
static class ImageEndpoints
{
    public static void Map(Routes routes, ImageService images)
    {
        routes.Get("/images/json", r => ListImages.Handle(r, images));
        routes.Get("/images/get", r => DaemonMemory.AfterAsync(SaveImages.HandleAsync(r, images, r.QueryAll("names"))));
        routes.Get("/images/search", r => SearchImages.HandleAsync(r, images));
        routes.Post("/images/create", r => DaemonMemory.AfterAsync(CreateImage.HandleAsync(r, images)));
        routes.Post("/images/load", r => DaemonMemory.AfterAsync(LoadImages.HandleAsync(r, images)));
        routes.Post("/images/prune", r => r.ReplyAsync(images.Prune(r.QueryFilters()), ImageJson.Default.PruneImagesResponse));
        routes.Get("/images/{name...}/get", r => DaemonMemory.AfterAsync(SaveImages.HandleAsync(r, images, [r.Path("name")])));
        routes.Get("/images/{name...}/json", r => InspectImage.Handle(r, images));
        routes.Get("/images/{name...}/history", r => r.ReplyAsync(images.History(r.Path("name")), ImageJson.Default.IReadOnlyListImageHistoryItem));
        routes.Post("/images/{name...}/push", r => DaemonMemory.AfterAsync(PushImage.HandleAsync(r, images)));
        routes.Post("/images/{name...}/tag", r => TagImage.Handle(r, images));
        routes.Delete("/images/{name...}", r => RemoveImage.Handle(r, images));
    }
}
