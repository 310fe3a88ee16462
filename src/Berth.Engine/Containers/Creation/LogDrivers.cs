using System.Globalization;
using Berth.Api.Containers;
using Berth.Engine.Containers.Logs;

namespace Berth.Engine.Containers.Creation;

/// <summary>The log drivers that there are, and their options.</summary>
internal static class LogDrivers
{
    public const string JsonFile = "json-file";
    public const string Local = "local";
    public const string None = "none";
    public const string Syslog = "syslog";
    public const string Journald = "journald";

    private const string DefaultMaxSize = "20m";
    private const string DefaultMaxFile = "5";

    private static readonly string[] _fileOptions = ["max-size", "max-file", "compress", "mode", "max-buffer-size"];
    private static readonly string[] _attributeOptions = ["labels", "labels-regex", "env", "env-regex", "tag"];
    private static readonly string[] _cacheOptions = ["cache-disabled", "cache-max-size", "cache-max-file", "cache-compress", "mode", "max-buffer-size"];

    private static readonly string[] _tlsOptions = ["syslog-tls-ca-cert", "syslog-tls-cert", "syslog-tls-key", "syslog-tls-skip-verify"];

    private static readonly Dictionary<string, string[]> _options = new()
    {
        [JsonFile] = [.. _fileOptions, .. _attributeOptions],
        [Local] = _fileOptions,
        [None] = [],
        [Syslog] = [.. _cacheOptions, .. _attributeOptions, "syslog-address", "syslog-facility", "syslog-format", .. _tlsOptions],
        [Journald] = [.. _cacheOptions, .. _attributeOptions],
    };

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _options.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The driver that holds, with its options. An empty type means the daemon's default; options of the default stay.</summary>
    public static LogConfig Complete(LogConfig config, EngineOptions options)
    {
        var type = config.Type.Length > 0 ? config.Type : options.DefaultLogDriver;
        var known = _options.GetValueOrDefault(type) ?? throw ContainerErrors.Invalid($"error looking up logging plugin {type}: plugin \"{type}\" not found");
        var given = config.Config ?? new Dictionary<string, string>();
        if (type == None)
        {
            return new LogConfig { Type = type, Config = given };
        }

        if (given.Keys.FirstOrDefault(n => !known.Contains(n)) is { } unknown)
        {
            throw ContainerErrors.Invalid($"unknown log opt '{unknown}' for {type} log driver");
        }

        var complete = type == options.DefaultLogDriver
            ? options.DefaultLogOptions.Where(o => known.Contains(o.Key)).ToDictionary()
            : [];
        foreach (var (name, value) in given)
        {
            complete[name] = value;
        }

        var completed = new LogConfig { Type = type, Config = WireMap.Sorted(complete) };
        Check(completed);
        return completed;
    }

    /// <summary>The file that is read; the others' are a cache beside what they send on.</summary>
    public static string PathOf(Container container) =>
        container.HostConfig.LogConfig.Type == JsonFile ? container.Paths.Log : container.Paths.LocalLog;

    /// <summary>Whether anything is kept that can be read.</summary>
    public static bool IsReadable(LogConfig log) => log.Type != None && !Flag(log, "cache-disabled");

    /// <summary>Size and number of the files; a size of 0 is none. What keeps files rotates them unless told otherwise (max-size=-1).</summary>
    public static (long MaxSize, int MaxFiles) Rotation(LogConfig log)
    {
        var prefix = log.Type is JsonFile or Local ? "" : "cache-";
        var size = Option(log, prefix + "max-size") ?? DefaultMaxSize;
        var files = Option(log, prefix + "max-file") ?? DefaultMaxFile;
        if (!int.TryParse(files, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
        {
            throw ContainerErrors.Invalid($"max-file cannot be less than 1 or is no number: {files}");
        }

        var bytes = size == "-1" ? 0 : ParseSize(size);
        return (bytes, bytes == 0 ? 1 : count);
    }

    /// <summary>Whether rotated files are compressed: unless told otherwise, those of all drivers but json-file, where any are kept.</summary>
    public static bool IsCompressed(LogConfig log)
    {
        var name = log.Type is JsonFile or Local ? "compress" : "cache-compress";
        var (maxSize, maxFiles) = Rotation(log);
        var isRotated = maxSize > 0 && maxFiles > 1;
        if (Option(log, name) is not { Length: > 0 })
        {
            return log.Type != JsonFile && isRotated;
        }

        return !Flag(log, name) ? false
            : isRotated ? true
            : throw ContainerErrors.Invalid($"{name} cannot be true when max-file is less than 2 or max-size is not set");
    }

    /// <summary>How many bytes may wait before entries are dropped; 0: the container waits instead.</summary>
    public static long MaxBuffer(LogConfig log) => Option(log, "mode") switch
    {
        null or "" or "blocking" => Option(log, "max-buffer-size") is null
            ? 0
            : throw ContainerErrors.Invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'"),
        "non-blocking" => ParseSize(Option(log, "max-buffer-size") ?? "1m"),
        var mode => throw ContainerErrors.Invalid($"logger: logging mode not supported: {mode}"),
    };

    public static string? Option(LogConfig log, string name) => log.Config?.GetValueOrDefault(name);

    public static bool Flag(LogConfig log, string name) => Option(log, name) switch
    {
        null or "" or "false" or "0" or "f" or "F" or "False" or "FALSE" => false,
        "true" or "1" or "t" or "T" or "True" or "TRUE" => true,
        var value => throw ContainerErrors.Invalid($"invalid value for \"{name}\" of the log driver: \"{value}\" is no truth value"),
    };

    /// <summary>Refuses values that cannot be.</summary>
    private static void Check(LogConfig log)
    {
        IsCompressed(log);
        MaxBuffer(log);
        Flag(log, "cache-disabled");

        foreach (var name in (string[])["labels-regex", "env-regex"])
        {
            LogAttributes.Pattern(Option(log, name), name);
        }

        LogTag.Check(Option(log, "tag"));
        if (log.Type == Syslog)
        {
            SyslogOptions.Parse(log);
        }
    }

    private static long ParseSize(string text) => ByteCount.TryParse(text) ?? throw ContainerErrors.Invalid($"invalid size: '{text}'");
}
