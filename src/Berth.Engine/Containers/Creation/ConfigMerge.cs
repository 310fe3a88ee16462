using Berth.Api;
using Berth.Api.Containers;
using Berth.Oci.Images;

namespace Berth.Engine.Containers.Creation;

/// <summary>Completes what a user asked for with what the image says, by Docker's rules.</summary>
internal static class ConfigMerge
{
    public static ContainerConfig Merge(ContainerConfig user, OciImageConfig image)
    {
        var merged = user with
        {
            User = Or(user.User, image.User),
            WorkingDir = Or(user.WorkingDir, image.WorkingDir) is { Length: > 0 } directory ? MountSpecs.CleanPath(directory) : "",
            StopSignal = NullIfEmpty(Or(user.StopSignal, image.StopSignal)),
            StopTimeout = user.StopTimeout ?? image.StopTimeout,
            Env = MergeEnv(user.Env, image.Env),
            Labels = WireMap.Sorted(MergeLabels(user.Labels, image.Labels)),
            ExposedPorts = WireMap.Sorted(Union(user.ExposedPorts, image.ExposedPorts?.Keys)),
            Volumes = WireMap.Sorted(Union(user.Volumes, image.Volumes?.Keys)),
            Healthcheck = MergeHealth(user.Healthcheck, image.Healthcheck),
            Shell = user.Shell ?? StringList.Of(image.Shell),
            OnBuild = null,
            MacAddress = NullIfEmpty(user.MacAddress),
        };
        return MergeCommand(merged, image);
    }

    /// <summary>
    /// The image's command goes with the image's entrypoint: an entrypoint of the user's drops it. [""] means no entrypoint at all.
    /// </summary>
    private static ContainerConfig MergeCommand(ContainerConfig config, OciImageConfig image)
    {
        var (entrypoint, cmd) = (config.Entrypoint, config.Cmd);
        if (entrypoint is null or [])
        {
            cmd = cmd is null or [] ? StringList.Of(image.Cmd) : cmd;
            entrypoint ??= StringList.Of(image.Entrypoint);
        }

        entrypoint = entrypoint is [""] ? null : entrypoint;
        return entrypoint is null or [] && cmd is null or []
            ? throw ContainerErrors.Invalid("no command specified")
            : config with { Entrypoint = entrypoint, Cmd = cmd };
    }

    /// <summary>The user's entries, then those of the image whose names the user does not give: also one without a value removes it.</summary>
    private static IReadOnlyList<string>? MergeEnv(IReadOnlyList<string>? user, IReadOnlyList<string>? image)
    {
        if (user is null or [])
        {
            return image ?? user;
        }

        var names = user.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. user, .. (image ?? []).Where(e => !names.Contains(NameOf(e)))];

        static string NameOf(string entry) => entry.Split('=', 2)[0];
    }

    private static Dictionary<string, string> MergeLabels(
        IReadOnlyDictionary<string, string>? user, IReadOnlyDictionary<string, string>? image)
    {
        var labels = new Dictionary<string, string>(image ?? new Dictionary<string, string>());
        foreach (var (name, value) in user ?? new Dictionary<string, string>())
        {
            labels[name] = value;
        }

        return labels;
    }

    private static IReadOnlyDictionary<string, Empty>? Union(IReadOnlyDictionary<string, Empty>? user, IEnumerable<string>? image) =>
        image is null ? user : (user?.Keys ?? []).Union(image).ToDictionary(key => key, _ => new Empty());

    private static HealthConfig? MergeHealth(HealthConfig? user, OciHealthcheck? image) =>
        image is null
            ? user
            : new HealthConfig
            {
                Test = user?.Test is null or [] ? image.Test : user.Test,
                Interval = Or(user?.Interval, image.Interval),
                Timeout = Or(user?.Timeout, image.Timeout),
                StartPeriod = Or(user?.StartPeriod, image.StartPeriod),
                StartInterval = Or(user?.StartInterval, image.StartInterval),
                Retries = (int)Or(user?.Retries, image.Retries),
            };

    private static string Or(string? user, string? image) => string.IsNullOrEmpty(user) ? image ?? "" : user;

    private static long Or(long? user, long? image) => user is null or 0 ? image ?? 0 : user.Value;

    private static string? NullIfEmpty(string? value) => value is "" ? null : value;
}
