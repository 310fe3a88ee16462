using System.Text;
using System.Text.Json;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Oci.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>A platform that is asked for as JSON, where other requests have a text.</summary>
static class QueryPlatform
{
    /// <returns>Null: none is.</returns>
    public static OciPlatform? Of(ApiRequest request)
    {
        if (request.Query("platform") is not { Length: > 0 } json)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        try
        {
            return JsonSerializer.Deserialize(bytes, OciImageJson.Default.OciPlatform);
        }
        catch (JsonException e) when (e.Message.Contains("required", StringComparison.Ordinal))
        {
            throw new EngineException(ErrorKind.InvalidParameter, "both OS and Architecture must be provided", e);
        }
        catch (JsonException e)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"failed to parse platform: {JsonProblem.Of(bytes, e, "v1.Platform", "Platform")}", e);
        }
    }
}
