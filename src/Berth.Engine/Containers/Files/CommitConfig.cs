using Berth.Api.Containers;
using Berth.Engine.Images.Changes;
using Berth.Oci.Images;

namespace Berth.Engine.Containers.Files;

/// <summary>The configuration of an image that is made of a container.</summary>
internal static class CommitConfig
{
    /// <summary>Docker's order: the request's configuration, changed by the instructions, completed by the container's.</summary>
    public static OciImageConfig Of(ContainerConfig? given, ContainerConfig container, OciImageConfig image, IReadOnlyList<string> changes)
    {
        var own = FromContainer(container, image);
        var wanted = ConfigChanges.Apply(given is null ? own : FromContainer(given, image), changes);
        return own with
        {
            User = NotEmpty(wanted.User) ?? own.User,
            ExposedPorts = Merge(own.ExposedPorts, wanted.ExposedPorts),
            Env = MergeEnvironment(own.Env, wanted.Env),
            Cmd = wanted is { Entrypoint: null or [], Cmd: null or [] } ? own.Cmd : wanted.Cmd,
            Entrypoint = wanted.Entrypoint ?? own.Entrypoint,
            Volumes = Merge(own.Volumes, wanted.Volumes),
            WorkingDir = NotEmpty(wanted.WorkingDir) ?? own.WorkingDir,
            Labels = Merge(own.Labels, wanted.Labels),
            StopSignal = NotEmpty(wanted.StopSignal) ?? own.StopSignal,
            OnBuild = wanted.OnBuild ?? own.OnBuild,
            Shell = wanted.Shell ?? own.Shell,
            Healthcheck = wanted.Healthcheck ?? own.Healthcheck,
        };
    }

    private static OciImageConfig FromContainer(ContainerConfig config, OciImageConfig image) => new()
    {
        Hostname = config.Hostname,
        Domainname = config.Domainname,
        User = config.User,
        ExposedPorts = config.ExposedPorts?.Keys.ToDictionary(k => k, _ => new OciEmpty()),
        Env = config.Env,
        Cmd = config.Cmd,
        Entrypoint = config.Entrypoint,
        Volumes = config.Volumes?.Keys.ToDictionary(k => k, _ => new OciEmpty()),
        WorkingDir = config.WorkingDir,
        Labels = config.Labels,
        StopSignal = config.StopSignal,
        StopTimeout = config.StopTimeout,
        OnBuild = config.OnBuild,
        Shell = config.Shell ?? image.Shell,
        Healthcheck = config.Healthcheck is not { } health ? image.Healthcheck : new OciHealthcheck
        {
            Test = health.Test,
            Interval = health.Interval,
            Timeout = health.Timeout,
            StartPeriod = health.StartPeriod,
            StartInterval = health.StartInterval,
            Retries = health.Retries,
        },
    };

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static IReadOnlyList<string>? MergeEnvironment(IReadOnlyList<string>? own, IReadOnlyList<string>? wanted)
    {
        if (wanted is null)
        {
            return own;
        }

        var names = wanted.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. wanted, .. (own ?? []).Where(e => !names.Contains(NameOf(e)))];

        static string NameOf(string entry) => entry.Split('=', 2)[0];
    }

    private static IReadOnlyDictionary<string, T>? Merge<T>(IReadOnlyDictionary<string, T>? own, IReadOnlyDictionary<string, T>? wanted)
    {
        if (wanted is null || own is null)
        {
            return wanted ?? own;
        }

        var merged = new Dictionary<string, T>(own);
        foreach (var (key, value) in wanted)
        {
            merged[key] = value;
        }

        return merged;
    }
}
