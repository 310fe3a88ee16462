using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>What a list of containers is to hold.</summary>
/// <param name="All">Also those that do not run.</param>
/// <param name="Limit">The newest of all, so many; 0: no limit.</param>
/// <param name="Size">Count the bytes that each has written, which takes long.</param>
public sealed record ContainerListOptions(bool All, int Limit, bool Size, Filters Filters);

public sealed partial class ContainerService
{
    /// <summary>The newest first.</summary>
    public IReadOnlyList<ContainerSummary> List(ContainerListOptions options)
    {
        var names = FurtherNames();
        var filter = new ContainerFilter(options.Filters, _index.Get);
        var all = options.All || options.Limit > 0 || options.Filters.Contains("status");
        var found = _index.All
            .Where(c => (all || c.State.IsRunning) && filter.Matches(c))
            .OrderByDescending(c => c.Record.Created)
            .Take(options.Limit > 0 ? options.Limit : int.MaxValue);
        return [.. found.Select(c => Summarize(c, names, options.Size))];
    }

    private ContainerSummary Summarize(Container container, ILookup<string, string> names, bool size)
    {
        var record = container.Record;
        var written = size ? WrittenBy(container) : 0;
        return new ContainerSummary
        {
            Id = record.Id,
            Names = [$"/{record.Name}", .. names[record.Id]],
            // A name that means another image by now, or none, would tell something untrue.
            Image = _images.IsNameOf(record.Config.Image, record.ImageId) ? record.Config.Image : record.ImageId.ToString(),
            ImageID = record.ImageId.ToString(),
            Command = CommandLine.Text(record.Config),
            Created = record.Created.ToUnixTimeSeconds(),
            Ports = NetworkViews.PortsOf(container),
            SizeRw = written,
            SizeRootFs = size ? written + _images.SizeOf(record.ImageId) : 0,
            Labels = record.Config.Labels ?? new Dictionary<string, string>(),
            State = Name(record.State.Status),
            Status = StatusText.Of(record.State, _time.GetUtcNow()),
            HostConfig = new SummaryHostConfig { NetworkMode = record.HostConfig.NetworkMode, Annotations = record.HostConfig.Annotations },
            NetworkSettings = new SummaryNetworks { Networks = NetworkViews.NetworksOf(container) },
            Health = new SummaryHealth { Status = record.State.Health?.Status ?? "none", FailingStreak = record.State.Health?.FailingStreak ?? 0 },
            Mounts = [.. record.Mounts.Where(m => !m.Hidden).Select(m => m.ToMountPoint())],
        };
    }
}
