using Berth.Api.System;
using Berth.Archives.Trees;
using Berth.Engine.Containers;
using Berth.Engine.Images;
using Berth.Engine.Volumes;

namespace Berth.Engine.Info;

/// <summary>What takes room on the disk. Layers and containers at rest are known; only volumes and what runs are counted.</summary>
public sealed class DiskUsageService(ImageService images, ContainerService containers, VolumeService volumes)
{
    private static readonly string[] _types = ["container", "image", "volume", "build-cache"];

    /// <param name="types">Which parts; empty: all.</param>
    public Task<DiskUsage> GetAsync(IReadOnlyList<string> types)
    {
        if (types.FirstOrDefault(t => !_types.Contains(t)) is { } unknown)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"unknown object type: {unknown}");
        }

        return OwnThread.Run(() => Get(type => types.Count == 0 || types.Contains(type)));
    }

    private DiskUsage Get(Func<string, bool> wanted)
    {
        var (list, layersSize) = wanted("image") ? images.DiskUsage() : (null, 0);
        return new DiskUsage
        {
            LayersSize = layersSize,
            Images = list,
            Containers = wanted("container") ? containers.DiskUsage() : null,
            Volumes = wanted("volume") ? Volumes() : null,
            BuildCache = wanted("build-cache") ? [] : null,
        };
    }

    private List<VolumeUsage> Volumes()
    {
        var uses = containers.VolumeUses();
        return [.. volumes.Names().Select(name => new VolumeUsage
        {
            Name = name,
            CreatedAt = WireTime.Of(volumes.CreatedAt(name)),
            Mountpoint = volumes.DataOf(name),
            UsageData = new VolumeUsageData(uses.GetValueOrDefault(name), TreeSize.Of(volumes.DataOf(name))),
        })];
    }
}
