using Berth.Api;
using Berth.Api.Containers;
using Berth.Api.Images;
using Berth.Engine.Images.Transfers;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <param name="nameOrId">Which image.</param>
    /// <param name="platform">What it must be made for; null: anything.</param>
    public ImageInspect Inspect(string nameOrId, OciPlatform? platform = null)
    {
        if (platform is { Os.Length: 0 } or { Architecture.Length: 0 })
        {
            throw ImageErrors.Invalid("both OS and Architecture must be provided");
        }

        var record = Find(nameOrId);
        var image = _documents.Image(record.Id);
        if (platform is not null && !PlatformChoice.Runs(platform, ImagePlatform.Of(image)))
        {
            throw ImageErrors.WrongPlatform(nameOrId, ImagePlatform.Of(image), platform);
        }

        var lower = _layers.LowerDirectories(_documents.ChainIds(record.Id));
        var names = record.NameList.ToList();
        var graph = new Dictionary<string, string>();
        if (lower.Count > 0)
        {
            graph["UpperDir"] = lower[0];
        }

        if (lower.Count > 1)
        {
            graph["LowerDir"] = string.Join(':', lower.Skip(1));
        }

        return new ImageInspect
        {
            Id = record.Id.ToString(),
            RepoTags = [.. names.Where(n => n.Digest is null).Select(n => n.Familiar)],
            RepoDigests = [.. names.Where(n => n.Digest is not null).Select(n => n.Familiar)],
            Parent = Catalog.ParentOf(record)?.Id.ToString() ?? "",
            Comment = image.Comment ?? "",
            Created = image.Created,
            DockerVersion = image.DockerVersion ?? "",
            Author = image.Author ?? "",
            Config = ConfigOf(image.Config ?? new OciImageConfig()),
            Architecture = image.Architecture,
            Variant = image.Variant,
            Os = image.Os,
            OsVersion = image.OsVersion,
            Size = SizeOf(record),
            GraphDriver = new ImageGraphDriver("overlay2", graph),
            RootFS = new ImageRootFs("layers", [.. image.Rootfs.DiffIds.Select(d => d.ToString())]),
            Metadata = new ImageMetadata("0001-01-01T00:00:00Z"),
        };
    }

    private static ImageConfig ConfigOf(OciImageConfig config) => new()
    {
        Hostname = config.Hostname ?? "",
        Domainname = config.Domainname ?? "",
        User = config.User ?? "",
        ExposedPorts = SetOf(config.ExposedPorts),
        Env = config.Env,
        Cmd = config.Cmd,
        Healthcheck = config.Healthcheck is not { } health ? null : new HealthConfig
        {
            Test = health.Test,
            Interval = health.Interval ?? 0,
            Timeout = health.Timeout ?? 0,
            StartPeriod = health.StartPeriod ?? 0,
            StartInterval = health.StartInterval ?? 0,
            Retries = health.Retries ?? 0,
        },
        ArgsEscaped = config.ArgsEscaped ?? false,
        Volumes = SetOf(config.Volumes),
        WorkingDir = config.WorkingDir ?? "",
        Entrypoint = config.Entrypoint,
        OnBuild = config.OnBuild,
        Labels = WireMap.Sorted(config.Labels),
        StopSignal = config.StopSignal,
        StopTimeout = config.StopTimeout,
        Shell = config.Shell,
    };

    private static Dictionary<string, Empty>? SetOf(IReadOnlyDictionary<string, OciEmpty>? set) =>
        set?.Keys.Order(StringComparer.Ordinal).ToDictionary(k => k, _ => new Empty());
}
