using Berth.Api.System;
using Berth.Daemon.Endpoints.Images;
using Berth.Daemon.Server;
using Berth.Engine.Info;

namespace Berth.Daemon.Endpoints.System;

/// <summary>GET /system/df.</summary>
static class ShowDiskUsage
{
    public static async Task HandleAsync(ApiRequest request, DiskUsageService service)
    {
        var usage = await service.GetAsync(request.QueryAll("type"));
        await request.ReplyAsync(
            usage with { Images = usage.Images is { } images ? [.. images.Select(i => ListImages.ForVersion(i, request.Version))] : null },
            SystemJson.Default.DiskUsage);
    }
}
