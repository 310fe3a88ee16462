using System.Globalization;
using Berth.Api.Registry;
using Berth.Daemon.Endpoints.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/search.</summary>
static class SearchImages
{
    private const int LimitDefault = 25;
    private const int LimitMax = 100;

    public static async Task HandleAsync(ApiRequest request, ImageService images)
    {
        var term = request.Query("term") ?? "";
        var limit = request.QueryNumber("limit", 0) is var asked and not 0 ? asked : LimitDefault;
        if (limit is < 1 or > LimitMax)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter, string.Create(CultureInfo.InvariantCulture, $"Limit {limit} is outside the range of [1, {LimitMax}]"));
        }

        var found = await images.SearchAsync(
            term, (int)limit, request.QueryFilters(), RegistryAuth.Of(request, ImageService.SplitTerm(term).Domain), request.Aborted);
        await request.ReplyAsync(found, RegistryJson.Default.IReadOnlyListSearchResult);
    }
}
