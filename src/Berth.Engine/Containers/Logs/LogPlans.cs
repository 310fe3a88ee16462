using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Info;
using Berth.Monitor;

namespace Berth.Engine.Containers.Logs;

/// <summary>What the monitor is to do with a container's output.</summary>
internal static class LogPlans
{
    /// <summary>A log that is only sent on is kept in no file.</summary>
    private const string NoFile = "/dev/null";

    /// <returns>Null: nothing is kept.</returns>
    public static async ValueTask<LogPlan?> OfAsync(Container container, EngineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var (record, log) = (container.Record, container.HostConfig.LogConfig);
        if (log.Type == LogDrivers.None)
        {
            return null;
        }

        var (maxSize, maxFiles) = LogDrivers.Rotation(log);
        var compress = LogDrivers.IsCompressed(log);
        if (log.Type is LogDrivers.JsonFile or LogDrivers.Local)
        {
            var attributes = LogAttributes.Of(log, record);
            if (LogDrivers.Option(log, "tag") is { Length: > 0 } tag)
            {
                attributes["tag"] = LogTag.Of(tag, record);
            }

            return new LogPlan
            {
                Path = LogDrivers.PathOf(container),
                Format = log.Type == LogDrivers.Local ? LogFormat.Local : LogFormat.Json,
                MaxSize = maxSize,
                MaxFiles = maxFiles,
                Compress = compress,
                Attributes = attributes.Count == 0 ? null : attributes,
            };
        }

        var isReadable = LogDrivers.IsReadable(log);
        return new LogPlan
        {
            Path = isReadable ? LogDrivers.PathOf(container) : NoFile,
            Format = LogFormat.Local,
            MaxSize = isReadable ? maxSize : 0,
            MaxFiles = maxFiles,
            Compress = compress && isReadable,
            Forward = log.Type == LogDrivers.Journald ? Journal(log, record) : await SyslogAsync(log, record, options, time, cancellationToken),
        };
    }

    private static LogForward Journal(LogConfig log, ContainerRecord record)
    {
        var tag = Tag(log, record);
        var fields = new Dictionary<string, string>
        {
            ["CONTAINER_ID"] = record.Id[..12],
            ["CONTAINER_ID_FULL"] = record.Id,
            ["CONTAINER_NAME"] = record.Name,
            ["CONTAINER_TAG"] = tag,
            ["IMAGE_NAME"] = record.Config.Image,
        };
        foreach (var (name, value) in LogAttributes.Of(log, record))
        {
            fields[FieldName(name)] = value;
        }

        return new LogForward
        {
            Format = ForwardFormat.Journal,
            Address = LogDestination.OfJournal().Address,
            Tag = tag,
            Fields = fields,
            MaxBuffer = LogDrivers.MaxBuffer(log),
        };
    }

    private static async Task<LogForward> SyslogAsync(
        LogConfig log, ContainerRecord record, EngineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var syslog = SyslogOptions.Parse(log);
        var forward = new LogForward
        {
            Format = syslog.Format,
            Facility = syslog.Facility,
            Host = InfoService.HostName,
            Tag = Tag(log, record),
            ProcessId = Environment.ProcessId,
            OffsetMinutes = (int)time.LocalTimeZone.GetUtcOffset(time.GetUtcNow()).TotalMinutes,
            MaxBuffer = LogDrivers.MaxBuffer(log),
        };
        if (syslog.Tls is { } tls)
        {
            await LogDestination.TryAsync(tls, cancellationToken);
            return forward with
            {
                Relay = SyslogRelay.PlanOf(tls, options.ProgramCommand),
                CountsOctets = syslog.Format is ForwardFormat.Rfc5424 or ForwardFormat.Rfc5424Micro,
            };
        }

        var destination = await LogDestination.OfSyslogAsync(syslog, cancellationToken);
        return forward with { Address = destination.Address, Stream = destination.Stream };
    }

    private static string Tag(LogConfig log, ContainerRecord record) =>
        LogTag.Of(LogDrivers.Option(log, "tag") is { Length: > 0 } tag ? tag : LogTag.Default, record);

    /// <summary>The journal takes capitals, digits and underscores, and no underscore at the beginning.</summary>
    private static string FieldName(string name) =>
        string.Concat(name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).TrimStart('_');
}
