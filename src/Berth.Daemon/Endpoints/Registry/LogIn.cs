using Berth.Api.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Registry;

/// <summary>POST /auth: checks credentials.</summary>
static class LogIn
{
    public static async Task HandleAsync(ApiRequest request, ImageService images)
    {
        var auth = await request.ReadJsonAsync(RegistryJson.Default.AuthConfig)
            ?? throw new EngineException(ErrorKind.InvalidParameter, "invalid JSON: got EOF while reading request body");
        var token = await images.LogInAsync(RegistryAuth.DomainOf(auth.ServerAddress ?? ""), RegistryAuth.Of(auth), request.Aborted);
        await request.ReplyAsync(new AuthReply("Login Succeeded", token), RegistryJson.Default.AuthReply);
    }
}
