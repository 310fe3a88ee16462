using Berth.Daemon.Server;

namespace Berth.Daemon.Endpoints.System;

/// <summary>GET and HEAD /_ping: tells that the engine answers, and in its headers what it speaks.</summary>
static class Ping
{
    public static Task Handle(ApiRequest request)
    {
        request.SetHeader("Builder-Version", "1");
        request.SetHeader("Cache-Control", "no-cache, no-store, must-revalidate");
        request.SetHeader("Pragma", "no-cache");
        request.SetHeader("Swarm", "inactive");
        return request.ReplyTextAsync("OK");
    }
}
