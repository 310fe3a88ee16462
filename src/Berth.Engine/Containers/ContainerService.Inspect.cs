using Berth.Api.Containers;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <param name="size">Count the bytes of the writable layer, which takes long.</param>
    public ContainerInspect Inspect(string nameOrId, bool size)
    {
        var container = Get(nameOrId);
        var (record, paths) = (container.Record, container.Paths);
        var state = record.State;
        var (path, args) = CommandLine.Of(record.Config);
        var wasStarted = state.StartedAt is not null;
        var written = size ? WrittenBy(container) : (long?)null;
        return new ContainerInspect
        {
            Id = record.Id,
            Created = WireTime.Of(record.Created),
            Path = path,
            Args = args,
            State = ToWire(state),
            Image = record.ImageId.ToString(),
            ResolvConfPath = wasStarted ? paths.ResolvConf : "",
            HostnamePath = wasStarted ? paths.Hostname : "",
            HostsPath = wasStarted ? paths.Hosts : "",
            LogPath = wasStarted && record.HostConfig.LogConfig.Type == "json-file" ? paths.Log : "",
            Name = $"/{record.Name}",
            RestartCount = record.RestartCount,
            Driver = "overlay2",
            Platform = "linux",
            ExecIDs = container.Execs.OpenIds,
            HostConfig = record.HostConfig with { Links = LinkTexts(container) },
            GraphDriver = new GraphDriver
            {
                Name = "overlay2",
                Data = new Dictionary<string, string>
                {
                    ["ID"] = record.Id,
                    ["LowerDir"] = string.Join(':', container.Image is { } image ? LayersOf(image) : []),
                    ["MergedDir"] = paths.Root,
                    ["UpperDir"] = paths.Upper,
                    ["WorkDir"] = paths.Work,
                },
            },
            SizeRw = written,
            SizeRootFs = written is null ? null : written + _images.SizeOf(record.ImageId),
            Mounts = [.. record.Mounts.Where(m => !m.Hidden).Select(m => m.ToMountPoint())],
            Config = record.Config,
            NetworkSettings = NetworkViews.Of(container),
        };
    }

    private static ContainerState ToWire(RunState state) => new()
    {
        Status = Name(state.Status),
        Running = state.IsRunning,
        Paused = state.Status == ContainerStatus.Paused,
        Restarting = state.Status == ContainerStatus.Restarting,
        OOMKilled = state.OomKilled,
        Dead = state.Status == ContainerStatus.Dead,
        Pid = state.Pid,
        ExitCode = state.ExitCode,
        Error = state.Error,
        StartedAt = WireTime.Of(state.StartedAt),
        FinishedAt = WireTime.Of(state.FinishedAt),
        Health = state.Health is { } health
            ? new Health
            {
                Status = health.Status,
                FailingStreak = health.FailingStreak,
                Log = [.. health.Log.Select(p => new HealthResult
                {
                    Start = WireTime.Of(p.Start),
                    End = WireTime.Of(p.End),
                    ExitCode = p.ExitCode,
                    Output = p.Output,
                })],
            }
            : null,
    };

    private static string Name(ContainerStatus status) => status switch
    {
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Removing => "removing",
        ContainerStatus.Exited => "exited",
        _ => "dead",
    };
}
