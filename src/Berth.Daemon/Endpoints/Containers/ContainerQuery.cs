using System.Globalization;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Monitor;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>Query parameters that several endpoints of containers and execs read alike.</summary>
static class ContainerQuery
{
    /// <summary>The value; null where it is absent or empty.</summary>
    public static string? QueryText(this ApiRequest request, string name) => request.Query(name) is { Length: > 0 } text ? text : null;

    /// <summary>Seconds; null where it is absent or empty.</summary>
    public static int? QueryTimeout(this ApiRequest request, string name) =>
        request.QueryText(name) is null ? null : (int)Math.Clamp(request.QueryNumber(name, 0), -1, int.MaxValue / 1000);

    /// <summary>The size of a terminal: h and w.</summary>
    public static TerminalSize QuerySize(this ApiRequest request) => new(Side(request, "h"), Side(request, "w"));

    private static ushort Side(ApiRequest request, string name)
    {
        var text = request.Query(name) ?? "";
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            ? side
            : throw new EngineException(ErrorKind.InvalidParameter, $"invalid resize {(name == "h" ? "height" : "width")} \"{text}\": {ApiRequest.NumberProblem(text)}");
    }
}
