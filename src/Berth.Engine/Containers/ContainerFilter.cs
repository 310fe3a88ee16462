using System.Globalization;
using System.Text.RegularExpressions;
using Berth.Engine.Containers.HealthChecks;

namespace Berth.Engine.Containers;

/// <summary>The filters of a list of containers.</summary>
internal sealed class ContainerFilter
{
    private static readonly string[] _healths = ["none", HealthState.Starting, HealthState.Healthy, HealthState.Unhealthy];
    private static readonly string[] _statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

    private readonly Filters _filters;
    private readonly IReadOnlyList<int> _exitCodes;
    private readonly IReadOnlyList<PortFilter> _exposed;
    private readonly IReadOnlyList<PortFilter> _published;
    private readonly DateTimeOffset? _before;
    private readonly DateTimeOffset? _since;

    /// <param name="find">Finds the containers that before and since name.</param>
    public ContainerFilter(Filters filters, Func<string, Container> find)
    {
        filters.Validate(
            "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish",
            "since", "status", "volume");
        foreach (var status in filters.Get("status"))
        {
            if (!_statuses.Contains(status))
            {
                throw ContainerErrors.Invalid($"invalid filter 'status={status}'");
            }
        }

        if (filters.Get("health").FirstOrDefault(h => !_healths.Contains(h)) is { } unknown)
        {
            throw ContainerErrors.Invalid($"invalid filter 'health={unknown}'");
        }

        _filters = filters;
        _exitCodes = [.. filters.Get("exited").Select(text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
                ? code
                : throw ContainerErrors.Invalid($"invalid filter 'exited={text}'"))];
        _exposed = [.. filters.Get("expose").Select(text => PortFilter.Parse("expose", text))];
        _published = [.. filters.Get("publish").Select(text => PortFilter.Parse("publish", text))];
        _before = filters.Get("before") is [var before, ..] ? find(before).Record.Created : null;
        _since = filters.Get("since") is [var since, ..] ? find(since).Record.Created : null;
    }

    public bool Matches(Container container)
    {
        var (record, state) = (container.Record, container.State);
        return (_before is null || record.Created < _before)
            && (_since is null || record.Created > _since)
            && (_exitCodes.Count == 0 || (!state.IsRunning && state.FinishedAt is not null && _exitCodes.Contains(state.ExitCode)))
            && _filters.Matches("id", record.Id.StartsWith)
            && _filters.Matches("name", pattern => MatchesName(pattern, record.Name))
            && _filters.Matches("status", StatusOf(state.Status))
            && _filters.Matches("health", state.Health?.Status ?? "none")
            && _filters.MatchesLabels("label", record.Config.Labels)
            && _filters.Matches("ancestor", image => IsAncestor(image, record))
            && _filters.Matches("network", wanted => NetworkViews.NetworksOf(container)
                .Any(n => n.Key == wanted || (n.Value.NetworkID.Length > 0 && n.Value.NetworkID.StartsWith(wanted, StringComparison.Ordinal))))
            && _filters.Matches("volume", wanted => record.Mounts.Any(m => m.Name == wanted || m.Destination == wanted || m.Source == wanted))
            && MatchesPorts(container);
    }

    /// <summary>Exposed ports are the container's, published ones the host's; one that either filter names is enough.</summary>
    private bool MatchesPorts(Container container) =>
        (_exposed.Count == 0 && _published.Count == 0)
        || NetworkViews.PortsOf(container).Any(p =>
            _exposed.Any(r => r.Contains(p.PrivatePort, p.Type)) || (p.PublicPort > 0 && _published.Any(r => r.Contains(p.PublicPort, p.Type))));

    private static string StatusOf(ContainerStatus status) => _statuses[(int)status];

    private static bool IsAncestor(string image, ContainerRecord record) =>
        record.Config.Image == image || record.Config.Image == $"{image}:latest" || $"{record.Config.Image}:latest" == image
        || (image.Length >= 4 && (record.ImageId.ToString().StartsWith(image, StringComparison.Ordinal)
            || record.ImageId.Hex.StartsWith(image, StringComparison.Ordinal)));

    /// <summary>Docker takes a name's filter as a regular expression, on the name with and without its slash.</summary>
    private static bool MatchesName(string pattern, string name)
    {
        try
        {
            // Without backtracking, so that no pattern takes long.
            return Regex.IsMatch(name, pattern, RegexOptions.NonBacktracking) || Regex.IsMatch($"/{name}", pattern, RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return pattern.TrimStart('/') == name;
        }
    }
}
