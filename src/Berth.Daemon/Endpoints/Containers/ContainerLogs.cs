using System.Globalization;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Logs;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/logs.</summary>
static class ContainerLogs
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var (log, tty) = await containers.LogsAsync(request.Path("name"), new LogQuery
        {
            Stdout = request.QueryFlag("stdout"),
            Stderr = request.QueryFlag("stderr"),
            Follow = request.QueryFlag("follow"),
            Timestamps = request.QueryFlag("timestamps"),
            Details = request.QueryFlag("details"),
            Tail = ReadTail(request.Query("tail")),
            Since = ReadTime(request, "since"),
            Until = ReadTime(request, "until"),
        }, request.Aborted);
        using var open = log;
        var body = await request.ReplyStreamAsync(tty ? ApiRequest.RawStreamType : request.MultiplexedStreamType);
        await log.WriteAsync(body, request.Aborted);
    }

    /// <summary>Docker takes anything that is no number, and a negative one, as all.</summary>
    private static int? ReadTail(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : null;

    /// <summary>Seconds since 1970, with or without a fraction; 0 is none.</summary>
    private static DateTimeOffset? ReadTime(ApiRequest request, string name)
    {
        var text = request.Query(name);
        if (text is null or "" or "0")
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new EngineException(ErrorKind.InvalidParameter, $"invalid value for \"{name}\": failed to parse value as time or duration: \"{text}\"");
    }
}
