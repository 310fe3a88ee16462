using System.Text.RegularExpressions;
using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;

namespace Berth.Engine.Containers.Logs;

/// <summary>What of a container's labels and environment goes with each of its log's entries.</summary>
internal static class LogAttributes
{
    public static Dictionary<string, string> Of(LogConfig log, ContainerRecord record)
    {
        var attributes = new Dictionary<string, string>();
        var labels = record.Config.Labels ?? new Dictionary<string, string>();
        Add(labels, Names("labels"), Pattern(LogDrivers.Option(log, "labels-regex"), "labels-regex"));
        var environment = (record.Config.Env ?? []).Select(e => e.Split('=', 2)).Where(e => e.Length == 2).Select(e => KeyValuePair.Create(e[0], e[1]));
        Add(environment, Names("env"), Pattern(LogDrivers.Option(log, "env-regex"), "env-regex"));
        return attributes;

        void Add(IEnumerable<KeyValuePair<string, string>> from, string[] names, Regex? pattern)
        {
            foreach (var (name, value) in from.Where(e => names.Contains(e.Key) || pattern?.IsMatch(e.Key) == true))
            {
                attributes[name] = value;
            }
        }

        string[] Names(string option) => LogDrivers.Option(log, option) is { Length: > 0 } list ? list.Split(',') : [];
    }

    /// <summary>A user's expression; without backtracking, so that none takes long.</summary>
    public static Regex? Pattern(string? text, string option)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : new Regex(text, RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw ContainerErrors.Invalid($"invalid value for log opt {option}: {e.Message}");
        }
    }
}
