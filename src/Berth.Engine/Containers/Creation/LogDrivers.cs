using System.Globalization;
using Berth.Api.Containers;
using Berth.Monitor;

namespace Berth.Engine.Containers.Creation;

/// <summary>The log drivers that there are, json-file and none, and their options.</summary>
internal static class LogDrivers
{
    public const string JsonFile = "json-file";
    public const string None = "none";

    /// <summary>Of Docker's options these are accepted and change nothing here (compress) or only what each line carries.</summary>
    private static readonly string[] _knownOptions = ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"];

    /// <summary>The driver that holds, with its options. An empty type means the daemon's default; options of the default stay.</summary>
    public static LogConfig Complete(LogConfig config, EngineOptions options)
    {
        var type = config.Type.Length > 0 ? config.Type : options.DefaultLogDriver;
        var given = config.Config ?? new Dictionary<string, string>();
        switch (type)
        {
            case None:
                return new LogConfig { Type = type, Config = given };
            case JsonFile:
                foreach (var name in given.Keys.Where(n => !_knownOptions.Contains(n)))
                {
                    throw ContainerErrors.Invalid($"unknown log opt '{name}' for json-file log driver");
                }

                var complete = type == options.DefaultLogDriver
                    ? new Dictionary<string, string>(options.DefaultLogOptions)
                    : [];
                foreach (var (name, value) in given)
                {
                    complete[name] = value;
                }

                PlanOf(new LogConfig { Type = type, Config = complete }, new ContainerConfig(), "");
                return new LogConfig { Type = type, Config = complete };
            default:
                throw ContainerErrors.Invalid($"logger: no log driver named '{type}' is registered");
        }
    }

    /// <summary>What the monitor is to do; null: nothing is kept.</summary>
    public static LogPlan? PlanOf(LogConfig log, ContainerConfig config, string path)
    {
        if (log.Type == None)
        {
            return null;
        }

        var options = log.Config ?? new Dictionary<string, string>();
        var maxSize = options.TryGetValue("max-size", out var size) && size is not "-1" ? ParseSize(size) : 0;
        var maxFiles = 1;
        if (options.TryGetValue("max-file", out var files)
            && (!int.TryParse(files, NumberStyles.None, CultureInfo.InvariantCulture, out maxFiles) || maxFiles < 1))
        {
            throw ContainerErrors.Invalid($"max-file cannot be less than 1 or is no number: {files}");
        }

        if (maxFiles > 1 && maxSize == 0)
        {
            throw ContainerErrors.Invalid("max-file cannot be used without max-size");
        }

        return new LogPlan { Path = path, MaxSize = maxSize, MaxFiles = maxFiles, Attributes = AttributesOf(options, config) };
    }

    private static Dictionary<string, string>? AttributesOf(IReadOnlyDictionary<string, string> options, ContainerConfig config)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var label in Names("labels"))
        {
            if (config.Labels?.TryGetValue(label, out var value) == true)
            {
                attributes[label] = value;
            }
        }

        foreach (var name in Names("env"))
        {
            if (config.Env?.FirstOrDefault(e => e.StartsWith(name + "=", StringComparison.Ordinal)) is { } entry)
            {
                attributes[name] = entry[(name.Length + 1)..];
            }
        }

        return attributes.Count == 0 ? null : attributes;

        string[] Names(string option) => options.TryGetValue(option, out var list) ? list.Split(',') : [];
    }

    /// <summary>Reads 10m, 1.5GB, 100 as bytes, as go-units does.</summary>
    private static long ParseSize(string text)
    {
        var number = text.TrimEnd("bBiI".ToCharArray());
        var shift = number.Length == 0 ? 0 : "kmgtp".IndexOf(char.ToLowerInvariant(number[^1]), StringComparison.Ordinal) + 1;
        return double.TryParse(shift > 0 ? number[..^1] : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * (1L << (10 * shift)) is >= 1 and < long.MaxValue and var bytes
                ? (long)bytes
                : throw ContainerErrors.Invalid($"invalid size: '{text}'");
    }
}
